import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { automaticBy } from '../../lib/commands/automatic.ts';
import { commandLinesOf, readCommandLine } from '../../lib/commands/command-lines.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import type { MailMessage } from '../../lib/queue/messages.ts';

const token = '0123456789abcdef0123456789abcdef01234567';
const folder = join(import.meta.dirname, 'replies');

const corpus = (path: string): Buffer =>
  Buffer.from(readFileSync(join(folder, path), 'latin1').replaceAll('\n', '\r\n'), 'latin1');

const to = (
  subaddress: 'request' | 'confirm' | 'join' | 'leave',
  detail?: string,
): Pick<MailMessage, 'envelope' | 'metadata'> => ({
  envelope: {
    sender: 'anne@example.org',
    recipient: `ant-${subaddress}@example.com`,
    ...(detail === undefined ? {} : { detail }),
  },
  metadata: { original_size: 1, received_time: '2026-11-21T09:00:00.000Z', subaddress },
});

/** What is done of a mail, as `name arguments`; a line that is no command stands with a question mark. */
const read = (mail: Buffer, message = to('request'), most = 10): readonly string[] =>
  commandLinesOf(message, parseHeaderBlock(mail), most).lines.map(({ line, command, args }) =>
    command === undefined ? `? ${line}` : [command.name, ...args].join(' '),
  );

const letter = (subject: string, text: string, ...fields: readonly string[]): Buffer =>
  Buffer.from(
    [...(subject === '' ? [] : [`Subject: ${subject}`]), ...fields, '', ...text.split('\n')].join('\r\n'),
  );

describe('the answers that mail programs write', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    'apple-mail': ['? Welcome', 'echo Hello there', 'end'],
    'attached-mail': ['help me', 'who'],
    'flowed-delsp': [`confirm ${token}`],
    gmail: [`confirm ${token}`, '? Yes, please.'],
    'gmail-french': ['? Bienvenue', 'help'],
    'gmail-japanese': ['join', 'who'],
    gmx: ['? Welcome', 'help'],
    'iphone-bare-reply': [`confirm ${token}`],
    'iphone-html-only': ['? Welcome', 'help', 'who'],
    'k-9': ['? Welcome', 'join digest=mime'],
    'latin1-subject': ['help'],
    mutt: ['? Welcome to ant@example.com', 'help'],
    outlook: ['? Welcome', 'help', '? Mit freundlichen Grüßen'],
    'outlook-html-only': ['? Welcome', 'who page=1', 'help'],
    'outlook-mobile': ['? Welcome', 'help'],
    'outlook-plain': ['? Welcome', 'who'],
    'signature-without-mark': ['join'],
    thunderbird: ['? Welcome to ant@example.com', 'who delivery=enabled', 'end'],
    'utf-16': ['who'],
    yahoo: ['? Welcome', 'help'],
  };

  it('are all in the table', () => {
    const there = readdirSync(folder).filter((name) => name.endsWith('.eml'));
    expect(there.map((name) => name.slice(0, -4)).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.entries(expected))('%s', (name, lines) => {
    expect(read(corpus(`${name}.eml`))).toEqual(lines);
    expect(automaticBy(parseHeaderBlock(corpus(`${name}.eml`)), 'anne@example.org')).toBeUndefined();
  });

  it('say by their address alone that they confirm, whatever else is in them', () => {
    for (const name of Object.keys(expected)) {
      expect(read(corpus(`${name}.eml`), to('confirm', token))).toEqual([`confirm ${token}`]);
      expect(read(corpus(`${name}.eml`), to('leave'))).toEqual(['leave']);
      expect(read(corpus(`${name}.eml`), to('join'))).toEqual(['join']);
    }
  });
});

describe('automatic mail', () => {
  it.each(readdirSync(join(folder, 'automatic')))('%s commands nothing', (name) => {
    const mail = parseHeaderBlock(corpus(`automatic/${name}`));
    expect(automaticBy(mail, 'anne@example.org')).toBeDefined();
    expect(automaticBy(mail, '')).toBe('It came from the null sender.');
  });

  // Where a gateway has lost the fields by which it is known, its subject is all there is, in the language of who is away.
  it.each([
    'Automatyczna odpowiedź',
    'Automatikus válasz',
    'Otomatik yanıt',
    'Răspuns automat',
    'Αυτόματη απάντηση',
    'Автоматична відповідь',
    'Trả lời tự động',
    '자동 회신',
    '自動回覆',
    "Réponse automatique d'absence du bureau",
    'Notification d’absence',
    'Respuesta automática de ausencia',
    'Frånvaromeddelande',
    'Vacation reply',
    'OOO',
  ])('with the subject %s commands nothing', (words) => {
    const subject = `=?utf-8?B?${Buffer.from(`${words}: confirm ${token}`).toString('base64')}?=`;
    expect(automaticBy(parseHeaderBlock(letter(subject, '')), 'anne@example.org')).toBeDefined();
  });
});

describe('the subject', () => {
  it.each([
    ['help', ['help']],
    ['Re: help', ['help']],
    ['AW: Re: Aw: help', ['help']],
    ['Antw.: help', ['help']],
    ['RE[3]: help', ['help']],
    ['=?utf-8?B?5Zue5aSN77yaaGVscA==?=', ['help']],
    ['[Ant] Re: WHO delivery=enabled', ['who delivery=enabled']],
    ['Hilfe!', ['? Hilfe!']],
    [`confirm ${token}`, [`confirm ${token}`]],
    [`Re: confirm\r\n ${token}`, [`confirm ${token}`]],
    ['Unsubscribe', ['leave']],
    ['"stop"', ['end']],
    ['please help', ['help']],
    [`***SPAM*** Re: confirm ${token}`, [`confirm ${token}`]],
    [`{Spam?} AW: confirm ${token}`, [`confirm ${token}`]],
    [`SPAM: Re: confirm ${token}`, [`confirm ${token}`]],
    ['could you help', ['? could you help']],
  ])('%j is read', (subject, lines) => {
    expect(read(letter(subject, ''))).toEqual(lines);
  });
});

describe('the text', () => {
  it('is read after the subject, without blank lines and up to so many lines', () => {
    const mail = letter('who', 'echo 1\n\n  \necho 2\necho 3\necho 4\n');
    expect(read(mail, to('request'), 2)).toEqual(['who', 'echo 1', 'echo 2']);
    expect(commandLinesOf(to('request'), parseHeaderBlock(mail), 2).ignored).toBe(2);
  });

  it('is not read where it is quoted, but for a token when nothing else is said', () => {
    expect(read(letter('', `> leave\n> confirm ${token}\nhelp\n`))).toEqual(['help']);
    expect(read(letter('Thanks', `Fine\n\n> Subject: confirm ${token}\n`))).toEqual([`confirm ${token}`]);
    expect(read(letter('Thanks', 'Fine\n\n> leave\n'))).toEqual(['? Thanks', '? Fine']);
  });

  it.each(['Betreff: ', 'Objet : ', 'Asunto: ', '*Oggetto:* ', '件名：', 'Тема: '])(
    'has the token where a program quotes the subject behind %s',
    (name) => {
      const quoted = `${name}confirm ${token}\n`;
      expect(read(letter('Thanks', `Fine\n\n> ${quoted}`))).toEqual([`confirm ${token}`]);
      expect(read(letter('Thanks', `Fine\n\n-----\nVon: Ant <ant@example.com>\n${quoted}`))).toEqual([
        `confirm ${token}`,
      ]);
    },
  );

  it('ends at a signature', () => {
    expect(read(letter('', 'help\n-- \nleave\n'))).toEqual(['help']);
  });

  it.each([
    'On Sat, 21 Nov 2026 at 09:58, Ant <ant@example.com> wrote:',
    'Am Sa., 21. Nov. 2026 um 09:58 Uhr schrieb Ant:',
    'Le 21/11/2026 à 09:58, Ant a écrit :',
    'El sáb, 21 nov 2026 a las 9:58, Ant (<ant@example.com>) escribió:',
    'Il giorno sab 21 nov 2026 alle ore 09:58 Ant ha scritto:',
    'Op za 21 nov 2026 om 09:58 schreef Ant:',
    'Em sáb., 21 de nov. de 2026 às 09:58, Ant escreveu:',
    'Den lör 21 nov. 2026 kl 09:58 skrev Ant:',
    'W dniu 21.11.2026 o 09:58, Ant pisze:',
    'Dne 21. 11. 2026 v 9:58 Ant napsal(a):',
    'сб, 21 нояб. 2026 г. в 09:58, Ant <ant@example.com>:',
    '2026年11月21日(土) 9:58 Ant <ant@example.com>:',
    '于2026年11月21日周六 09:58写道：',
    '-------- Ursprüngliche Nachricht --------',
    '----- Mail original -----',
    'Von: Ant <ant@example.com>',
    'De : Ant',
    '________________________________',
    'Sent from my Galaxy',
    'Envoyé de mon iPhone',
    'Enviado desde mi iPhone',
  ])('ends before %s', (line) => {
    expect(read(letter('', `help\n\n${line}\n\nleave\n`))).toEqual(['help']);
    expect(read(letter('', `help\n${line}\nleave\n`))).toEqual(['help']);
  });

  it('ends before words that a program has wrapped', () => {
    const wrapped = 'On Saturday, 21 November 2026 at 09:58, Ant of the\nlist <ant@example.com>\nwrote:\n';
    expect(read(letter('', `help\n${wrapped}leave\n`))).toEqual(['help']);
  });

  it.each([
    'Le sam. 21 nov. 2026 à 09:58, Les fourmis de la forêt <ant@example.com> a\nécrit\u00a0:',
    'Il giorno sab 21 nov 2026 alle ore 09:58 Le formiche <ant@example.com> ha\nscritto:',
    'În sâm., 21 nov. 2026 la 09:58, Furnicile din pădure <ant@example.com> a\nscris:',
    'În sâm., 21 nov. 2026 la 09:58, Furnicile din pădure\n<ant@example.com> a scris:',
  ])('ends before words that were wrapped in the middle of a verb: %j', (wrapped) => {
    const utf8 = 'Content-Type: text/plain; charset=utf-8';
    expect(read(letter('', `help\n\n${wrapped}\n\nleave\n`, utf8))).toEqual(['help']);
  });

  it('of a mail that says nothing asks for help', () => {
    expect(read(letter('', ''))).toEqual(['help']);
  });

  it('of format=flowed is read as it was before it was wrapped', () => {
    const flowed = 'Content-Type: text/plain; format=flowed';
    expect(read(letter('', `confirm \n${token}\n> quoted \n> leave\n who\n`, flowed))).toEqual([
      `confirm ${token}`,
      'who',
    ]);
    expect(read(letter('', 'help\n-- \nleave \n', flowed))).toEqual(['help']);
  });
});

describe('a line', () => {
  it.each([
    ['HELP', 'help', []],
    ['Re: join address=A@Example.org', 'join', ['address=A@Example.org']],
    ['Help.', 'help', []],
    ['subscribe digest=no', 'join', ['digest=no']],
    ['unsubscribe', 'leave', []],
    ['echo Foo  Bar', 'echo', ['Foo', 'Bar']],
    ['toString', undefined, []],
    ['one two help', undefined, []],
  ])('%j', (text, name, args) => {
    const { command, args: found } = readCommandLine(text);
    expect(command?.name).toBe(name);
    expect(found).toEqual(args);
  });
});
