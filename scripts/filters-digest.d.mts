export function digestOf(filters: object): string;
