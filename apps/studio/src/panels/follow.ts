import { useCallback, useEffect, useState } from 'react';
import { tellFailure } from '../model/studio-state.js';

/** A value of the server that is asked for again every so often while its panel is shown. Undefined until it has come. */
export function useFollowed<T>(
  ask: () => Promise<T>,
  milliseconds: number,
): readonly [T | undefined, () => Promise<void>] {
  const [value, setValue] = useState<T>();
  const again = useCallback(() => ask().then(setValue, tellFailure), [ask]);
  useEffect(() => {
    void again();
    const timer = setInterval(() => document.hidden || void again(), milliseconds);
    return () => clearInterval(timer);
  }, [again, milliseconds]);
  return [value, again];
}

/** Does something and asks anew; tells what went wrong. */
export const doing = (work: () => Promise<unknown>, again: () => Promise<void>) => () =>
  void work().catch(tellFailure).finally(again);
