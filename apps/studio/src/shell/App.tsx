import { useEffect } from 'react';
import { getSession } from '../api/client.js';
import { watchAttention } from '../model/attention.js';
import { putOnDesk } from '../model/desk.js';
import { recallLook } from '../model/look.js';
import { startPlayer } from '../model/player.js';
import { watchReel } from '../model/reel.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { ObjectsPanel } from '../panels/ObjectsPanel.js';
import { PromptsPanel } from '../panels/PromptsPanel.js';
import { SidePanel } from '../panels/SidePanel.js';
import { Timeline } from '../timeline/Timeline.js';
import { Viewer } from '../viewer/Viewer.js';
import { listenToKeys } from './commands.js';
import { Dialogs } from './Dialogs.js';
import { listenToMasks } from './mask-files.js';
import { StatusBar } from './StatusBar.js';
import { TopBar } from './TopBar.js';

/** The whole page. */
export function App() {
  useEffect(() => listenToKeys(), []);
  useEffect(() => listenToMasks(), []);
  return (
    <div className="desk">
      <TopBar />
      <div className="left">
        <ObjectsPanel />
        <PromptsPanel />
      </div>
      <Viewer />
      <SidePanel />
      <Timeline />
      <StatusBar />
      <Dialogs />
    </div>
  );
}

/** Asks what is open and puts it on the desk: what the address names, else the first, else the dialog to open something. */
export async function begin(): Promise<void> {
  recallLook();
  startPlayer();
  watchAttention();
  watchReel();
  try {
    const session = await getSession();
    studio.set({ session });
    const named = session.projects.find((p) => `#${p.id}` === location.hash) ?? session.projects[0];
    if (named) await putOnDesk(named.id);
    else studio.set({ dialog: 'open' });
  } catch (error) {
    tellFailure(error);
  }
}
