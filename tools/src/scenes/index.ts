/** Made-up clips with exact mattes: a scene is data, from a seed or by hand, and renders to frames and soft masks. */
export type { ActorSpec } from './actors/build.js';
export type { Style } from './actors/skins.js';
export { proceduralStyle } from './actors/skins.js';
export type { Backdrop } from './backdrop.js';
export type { Camera } from './camera.js';
export { type ClipFiles, readClip, readClipFrame, removeClip, writeClip } from './clip-files.js';
export { type Invention, inventScene } from './invent.js';
export { type Sway, sway } from './noise.js';
export type { Path } from './path.js';
export type { Picture } from './picture.js';
export { type Random, random } from './random.js';
export { type RenderedFrame, renderScene } from './render.js';
export { type Finish, objectCount, type Role, type Scene, type Spray } from './scene.js';
export { type Assets, type Footage, type KeyedFootage, noAssets, type Texture } from './textures.js';
