/** The page's entry. */
import { createRoot } from 'react-dom/client';
import { App, begin } from './shell/App.js';

createRoot(document.getElementById('root') as HTMLElement).render(<App />);
void begin();
