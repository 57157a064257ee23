/** Prints one line: its kind, whom it is about (a text without label is printed whole), and a text. */
export type Print = (kind: string, label: string, text: string) => void;
