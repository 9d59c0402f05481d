export { type BankFacts, type FrameFacts, MemoryBank, type Remembered } from './bank.js';
export { DAM_SETTINGS, type DamSettings, damPolicy } from './dam.js';
export { DECAYING_SETTINGS, type DecayingSettings, decayingPolicy } from './decaying.js';
export { BoxFilter, type BoxState, boxIou, boxOfState, stateOf } from './kalman.js';
export { memoryPolicy, POLICIES, type PolicyCard } from './policies.js';
export type { CandidateFacts, Follower, LogitBox, MemoryPolicy, Recalled, Verdict } from './policy.js';
export { SAM2_SETTINGS, type Sam2Settings, sam2Policy } from './sam2.js';
export { SAMURAI_SETTINGS, type SamuraiSettings, samuraiPolicy } from './samurai.js';
export type { BankView, ViewedFrame } from './view.js';
