// Reads files beside the page, so that the page never waits for it.
import { scan } from './scan';

interface Wanted {
  id: number;
  file: Blob;
}

const here = self as unknown as { postMessage: (said: unknown) => void; onmessage: ((event: MessageEvent<Wanted>) => void) | null };

here.onmessage = ({ data: { id, file } }) => {
  scan(file, (done) => here.postMessage({ id, done })).then(
    (found) => here.postMessage({ id, found }),
    // The file has gone or changed under us; the sending will say so in its own words.
    (error: unknown) => here.postMessage({ id, error: String(error) }),
  );
};
