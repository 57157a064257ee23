// Types and functions that several templates share.

@export()
@description('The container that the platform runs the package from.')
var packageContainer = 'app-package'

@export()
@description('The container that policies are uploaded to.')
var policyContainer = 'policies'

@export()
@description('The container for undelivered events.')
var deadLetterContainer = 'dead-letter'

@export()
@description('Tags of a resource.')
type tagsType = {
  @description('A tag of any name.')
  *: string
}

@export()
@description('Somebody who gets a role.')
type principalType = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string
  @description('What kind of principal it is.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@export()
@description('A custom role, as infra/roles has it.')
type roleType = {
  @description('What the role is called, before what makes the name unique.')
  roleName: string
  @description('What it is for.')
  description: string
  @description('What may be done.')
  actions: string[]
  @description('What may not be done.')
  notActions: string[]
  @description('What may be done with data.')
  dataActions: string[]
  @description('What may not be done with data.')
  notDataActions: string[]
}

@description('Lists of text by name.')
type listsType = {
  @description('A list by its name.')
  *: string[]
}

@export()
@description('The rights for each type of target, as infra/roles/target-types.json has them.')
type typeRightsType = {
  @description('The types that a word names, by word in lower case.')
  words: listsType
  @description('The actions for a type, by type in lower case.')
  actions: listsType
  @description('The actions for any type.')
  search: string[]
}

@export()
@description('The types that words name, in lower case: services, types, recorded or all. No words: the recorded ones.')
func typesNamed(words string[], rights typeRightsType) string[] =>
  union(
    [],
    flatten(map(
      empty(words) ? ['recorded'] : words,
      word =>
        rights.words[?toLower(trim(word))] ?? fail('targetTypes ${word} is no type or service that Postern knows: npx postern types lists them')
    ))
  )

@export()
@description('The actions that the operator role has for these types.')
func operatorActions(types string[], rights typeRightsType) string[] =>
  union(flatten(map(types, type => rights.actions[type])), rights.search)

@export()
@description('Ids without case, spaces and repetition: Azure takes one id in any case, and refuses the same resource twice.')
func distinctIds(ids string[]) string[] => union([], filter(map(ids, id => toLower(trim(id))), id => !empty(id)))

@export()
@description('Names as they are written, each only once in whatever case.')
func distinctNames(names string[]) string[] =>
  reduce(names, [], (all, name) => contains(map(all, one => toLower(one)), toLower(name)) ? all : concat(all, [name]))

@export()
@description('Principals without case, spaces and repetition.')
func distinctPrincipals(principals principalType[]) principalType[] =>
  map(distinctIds(map(principals, one => one.principalId)), id => {
    principalId: id
    principalType: first(filter(principals, one => toLower(trim(one.principalId)) == id))!.principalType
  })

@export()
@description('The name of the deployment in lower case, if every resource that is named after it can bear it.')
func checkedEnvironmentName(name string) string =>
  empty(filter(
      map(range(0, length(name)), at => toLower(substring(name, at, 1))),
      letter => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', letter)
    ))
    ? toLower(name)
    : fail('environmentName ${name} must be of letters, digits and hyphens only: event subscriptions are named after it. Take another: azd env new')

@export()
@description('What tells one Postern from another wherever both have something: in watched subscriptions and management groups.')
func posternToken(functionAppId string) string => uniqueString(toLower(functionAppId))

@export()
@description('The name of the system topic for one kind of events.')
func systemTopicName(kind string, functionAppId string) string => 'egst-postern-${kind}-${posternToken(functionAppId)}'

@export()
@description('The name of the event subscriptions.')
func eventSubscriptionName(environmentName string, functionAppId string) string =>
  'evgs-${toLower(environmentName)}-${posternToken(functionAppId)}'

@description('Identities by id.')
type identitiesType = {
  @description('An identity by its id.')
  *: {}
}

@export()
@description('The identities that a system topic carries, by id.')
func identitiesOf(own string, guests string[]) identitiesType =>
  toObject(concat([own], filter(distinctIds(guests), id => id != toLower(own))), id => id, id => {})

@export()
@description('The resource group of the system topics in each watched subscription.')
func topicsResourceGroupName(environmentName string, given string) string =>
  empty(given) ? 'rg-postern-events-${toLower(environmentName)}' : given

@export()
@description('Tells an event subscription that is up to date from one that is not: this label stands on it. The digest is of filters.json.')
func eventsLabel(digest string, functionAppId string, deadLetterTo string[]) string =>
  'postern-${digest}-${uniqueString(toLower(functionAppId), toLower(join(deadLetterTo, ' ')))}'
