import type { Source } from './sources.mjs';

export declare function brokenLaws(sources: readonly Source[]): string[];
