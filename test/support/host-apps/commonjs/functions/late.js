const { app } = require('@azure/functions');

app.http('registerLate', {
  handler: () => {
    try {
      app.http('tooLate', { handler: () => undefined });
      return { body: 'registered' };
    } catch (error) {
      return { body: error.message };
    }
  },
});
