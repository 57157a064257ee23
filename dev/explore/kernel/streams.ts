import { createRandom, type Random } from '../../azure/model/random';

/**
 * Creates independent random generators of one seed, by name. What one part of a world draws does not change
 * what another part draws, so that a part can be left out of a failing world.
 */
export function createStreams(seed: number): (name: string) => Random {
  return (name) => createRandom(hash32(`${seed}|${name}`));
}

/** Hashes a text to 32 bits (FNV-1a), from `from` on. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // The low bits of similar texts differ little; spread them.
  hash ^= hash >>> 16;
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
