export function deadLinksIn(folder: string): Promise<string[]>;
