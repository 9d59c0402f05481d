import { encoderNamed } from '../native/libav.js';

/** What the movie sinks encode with, by libav's names. */
const NEEDED = ['prores_ks', 'libvpx-vp9', 'libx264', 'png'] as const;

/** Encoders that this installation lacks: sinks that need one refuse. Empty on the supported platforms. */
export const missingEncoders = (): readonly string[] => NEEDED.filter((name) => !encoderNamed(name));
