require('fast-check').configureGlobal({ numRuns: 20 });
