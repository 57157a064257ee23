// How long the sweep may be away before its alert fires: it follows from the schedule.

@description('The time ranges that an alert rule can look back, with their minutes.')
var windows = [
  { name: 'PT1H', minutes: 60 }
  { name: 'PT2H', minutes: 120 }
  { name: 'PT3H', minutes: 180 }
  { name: 'PT6H', minutes: 360 }
  { name: 'P1D', minutes: 1440 }
  { name: 'P2D', minutes: 2880 }
]

@description('Six fields, seconds first.')
func fieldsOf(schedule string) string[] =>
  length(filter(split(trim(schedule), ' '), field => !empty(field))) == 6
    ? filter(split(trim(schedule), ' '), field => !empty(field))
    : fail('sweepSchedule ${schedule} must have six fields, seconds first, such as 0 */15 * * * *')

@description('How far apart the matches of one field are: */5 is 5, * is 1, anything else is taken for once in the whole.')
func stepOf(field string, whole int) int =>
  field == '*' ? 1 : startsWith(field, '*/') ? min(int(substring(field, 2)), whole) : whole

@description('The longest pause between two sweeps, in minutes, or more.')
func longestPause(fields string[]) int =>
  empty(filter(skip(fields, 3), field => !contains(['*', '?', '*/1'], field)))
    ? (fields[2] == '*' || fields[2] == '*/1' ? stepOf(fields[1], 60) : stepOf(fields[2], 24) * 60)
    : fail('sweepSchedule must not leave out a day: what events missed would wait, and no alert looks back so far')

@description('The smallest window that holds three pauses, or else the longest.')
func windowFor(pause int) string => first(filter(windows, window => window.minutes >= 3 * pause)).?name ?? 'P2D'

@export()
@description('The window of the alert on missing sweeps: what is given, if it is long enough for the schedule, or what fits.')
func sweepWindow(schedule string, given string) string =>
  empty(given)
    ? windowFor(longestPause(fieldsOf(schedule)))
    : minutesOf(given) >= minutesOf(windowFor(longestPause(fieldsOf(schedule))))
        ? given
        : fail('sweepAlertWindow ${given} is too short for sweepSchedule ${schedule}: take ${windowFor(longestPause(fieldsOf(schedule)))} or leave it out')

func minutesOf(window string) int => first(filter(windows, one => one.name == window))!.minutes
