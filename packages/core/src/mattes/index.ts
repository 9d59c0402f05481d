/** From a mask to a matte that composes: foreground colours without what was behind them, and without the screen's colour. */
export * from './despill.js';
export * from './foreground.js';
