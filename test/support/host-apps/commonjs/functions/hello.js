const { app } = require('@azure/functions');

app.http('hello', { route: '{*rest}', handler: (request) => ({ body: `hello ${request.params.rest}` }) });
