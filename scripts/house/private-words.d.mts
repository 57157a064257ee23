export function privateWordsIn(text: string): string[];
