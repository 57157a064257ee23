/** The User-Agent that Postern sends to Azure. */
export const userAgent = 'postern/0.1';
