// Text edits of the app's modules, for builds that must fail. A build fails if a text is not found.
export const edits = {
  // Whatever is missing once counts as gone, without any trace.
  'one-404': [
    {
      file: 'src/review/observe.ts',
      from: '!hasLasted(previous.missingSince, absenceSeconds, now)',
      to: 'false',
    },
    { file: 'src/review/observe.ts', from: 'remembersApproval(gone, now)', to: 'false' },
    {
      file: 'src/operations/proof/after-reading.ts',
      from: '!hasLasted(ticket.missingSince, seconds, now)',
      to: 'false',
    },
  ],
  // ARM's 401 for another tenant's endpoint is taken as an error of our own identity, so nothing can be read
  // any more.
  'foreign-401': [
    {
      file: 'src/azure/arm/errors.ts',
      from: 'isAboutTenant(armCode, message)',
      to: 'false && isAboutTenant(armCode, message)',
    },
    {
      file: 'src/base/errors.ts',
      from: "error.armCode === 'InvalidAuthenticationTokenTenant'",
      to: 'false',
    },
    {
      file: 'src/review/facts/reads.ts',
      from: '!(error instanceof PosternError)',
      to: "!(error instanceof PosternError) || error.code === 'ARM_UNAUTHENTICATED'",
    },
  ],
  // An answer counts whatever the question is by now: nobody compares it with what the person saw.
  'page-trusted': [
    {
      file: 'src/console/answers/take-answer.ts',
      from: 'if (request.decisionId !== question.id || request.seen !== question.seen)',
      to: "if (request.decisionId === '')",
    },
    {
      file: 'src/review/judge/person-answer.ts',
      from: 'if (id !== answer.decisionId)',
      to: "if (id === '')",
    },
    {
      file: 'src/review/judge/person-answer.ts',
      from: 'if (policy.digestOfSeen?.(facts, now) !== answer.seen)',
      to: "if (policy.digestOfSeen?.(facts, now) === '')",
    },
  ],
};
