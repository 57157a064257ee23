/** What Postern calls itself towards Azure. */
export const userAgent = 'postern/0.1';
