import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { need } from './needs.ts';

/** Chromium without a screen, as a phone that runs no JavaScript of pages. */
export interface Browser {
  /** Opens a page as a person does; gives its status. */
  readonly open: (url: string) => Promise<void>;
  /** What can be read on the page. */
  readonly text: () => Promise<string>;
  readonly title: () => Promise<string>;
  /** How wide the page is, which is more than the screen when it has to be pushed sideways. */
  readonly width: () => Promise<number>;
  /** The height of the lowest thing on the page that one presses, at most 1,000; a link in a line of text is none. */
  readonly lowestButton: () => Promise<number>;
  /** Presses a button or a link by its words, with the finger, and waits until the next page is there. */
  readonly press: (words: string) => Promise<void>;
  /** Chooses by the words of an option. */
  readonly choose: (name: string, words: string) => Promise<void>;
  /** Writes into a field. */
  readonly type: (name: string, words: string) => Promise<void>;
  /** What the browser refused by the policy of the page, or could not load. */
  readonly complaints: readonly string[];
  /** Writes a picture of the whole page. */
  readonly picture: (file: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The screen of a small phone. */
export const screen = { width: 360, height: 740 } as const;

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
  sessionId: z.string().optional(),
});
type Message = z.infer<typeof messageSchema>;

/** The Chrome DevTools Protocol over one WebSocket. */
class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners: ((message: Message) => void)[] = [];
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const message = messageSchema.parse(JSON.parse(String(data)));
      if (message.id === undefined) for (const listener of this.#listeners) listener(message);
      else this.#waiting.get(message.id)?.(message);
    });
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new DevTools(socket);
  }

  on(listener: (message: Message) => void): void {
    this.#listeners.push(listener);
  }

  call(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.#socket.send(
        JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }),
      );
    });
  }

  close(): void {
    this.#socket.close();
  }
}

const valueSchema = z.object({ result: z.looseObject({ value: z.unknown() }) });

/** Starts Chromium, and gives it a page on the screen of a phone. */
export const openBrowser = async (): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'belfry-chromium-'));
  const child = spawn(
    need('chromium'),
    [
      '--headless=new',
      // The tests are run by root, whom Chromium's sandbox refuses; it opens pages of ours alone.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const address = new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const [, url] = /^DevTools listening on (ws:\S+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(`Chromium ended: ${said.join('\n')}`)));
  });
  const tools = await DevTools.connect(await address);
  const { targetId } = await tools.call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await tools.call('Target.attachToTarget', { targetId, flatten: true });
  const call = (method: string, params: object = {}) => tools.call(method, params, String(sessionId));

  const complaints: string[] = [];
  const loads: (() => void)[] = [];
  tools.on(({ method, params }) => {
    if (method === 'Page.loadEventFired') for (const resolve of loads.splice(0)) resolve();
    if (method === 'Log.entryAdded') complaints.push(JSON.stringify(params));
    if (method === 'Network.loadingFailed') complaints.push(JSON.stringify(params));
  });
  for (const domain of ['Page', 'Log', 'Network', 'Runtime']) await call(`${domain}.enable`);
  await call('Emulation.setDeviceMetricsOverride', { ...screen, deviceScaleFactor: 2, mobile: true });
  await call('Emulation.setTouchEmulationEnabled', { enabled: true });
  await call('Emulation.setScriptExecutionDisabled', { value: true });

  const loaded = async (begin: () => Promise<unknown>): Promise<void> => {
    const done = new Promise<void>((resolve) => loads.push(resolve));
    await begin();
    await done;
  };
  // What we ask of the page from outside is not the page's own script, and is run all the same.
  const value = async (expression: string): Promise<unknown> =>
    valueSchema.parse(await call('Runtime.evaluate', { expression, returnByValue: true })).result.value;

  return {
    open: (url) => loaded(() => call('Page.navigate', { url })),
    text: async () => String(await value('document.body.innerText')),
    title: async () => String(await value('document.title')),
    width: async () => Number(await value('document.documentElement.scrollWidth')),
    lowestButton: async () =>
      Number(
        await value(
          'Math.min(1000, ...[...document.querySelectorAll("button, a.button, select, textarea")].map((one) => one.getBoundingClientRect().height))',
        ),
      ),
    press: async (words) => {
      const place = await value(`(() => {
        const found = [...document.querySelectorAll('button, a')].find((one) => one.innerText.trim() === ${JSON.stringify(words)});
        if (!found) return null;
        found.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = found.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      })()`);
      const { x, y } = z.object({ x: z.number(), y: z.number() }).parse(place);
      await loaded(async () => {
        await call('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
        await call('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      });
    },
    choose: async (name, words) => {
      await value(`(() => {
        const select = document.querySelector(${JSON.stringify(`select[name="${name}"]`)});
        select.selectedIndex = [...select.options].findIndex((one) => one.text === ${JSON.stringify(words)});
        return select.selectedIndex;
      })()`);
    },
    type: async (name, words) => {
      await value(`document.querySelector(${JSON.stringify(`textarea[name="${name}"]`)}).focus() ?? true`);
      await call('Input.insertText', { text: words });
    },
    complaints,
    picture: async (file) => {
      const { data } = await call('Page.captureScreenshot', { captureBeyondViewport: true });
      writeFileSync(file, Buffer.from(String(data), 'base64'));
    },
    close: async () => {
      const ended = once(child, 'close');
      await tools.call('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      tools.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
