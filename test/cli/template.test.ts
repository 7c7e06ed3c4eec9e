import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allTexts, textNames } from '../../lib/templates/all-texts.ts';
import { type Belfry, startBelfry } from './belfry.ts';

const hold = 'list:user:notice:hold';
let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
  await belfry.run(['list', 'create', 'ant@example.com']);
});
afterAll(() => belfry.close());

const run = (...words: readonly string[]) => belfry.run(['template', ...words]);
const set = (text: string, ...words: readonly string[]) => belfry.run(['template', 'set', ...words], text);

describe('template ls and show', () => {
  it('name every text with when it is written', async () => {
    const { stdout } = await run('ls');
    for (const name of textNames) expect(stdout).toContain(`${name}  ${allTexts[name].purpose}\n`);
  });

  it('print the built-in text as it was written, and with --json its variables', async () => {
    expect((await run('show', hold)).stdout).toBe(allTexts[hold].text);
    expect(JSON.parse((await run('show', hold, '--json')).stdout)).toMatchObject({
      name: hold,
      from: 'Belfry',
      text: allTexts[hold].text,
      variables: { subject: expect.any(String) },
    });
  });
});

describe('template set and remove', () => {
  it('put a text in place for site, domain and list, and show tells which one is used', async () => {
    const from = async (...where: readonly string[]) => {
      const { from, text } = JSON.parse((await run('show', hold, ...where, '--json')).stdout);
      return [from, text];
    };
    expect((await set('of the site\n', hold, '--site')).stdout).toBe(`${hold} of the site is set.\n`);
    expect(await from('--list', 'ant@example.com')).toEqual(['the site', 'of the site\n']);
    await set('of the domain\n', hold, '--domain', 'EXAMPLE.com');
    expect(await from('--domain', 'example.com')).toEqual(['the domain example.com', 'of the domain\n']);
    const file = join(belfry.directory, 'hold.txt');
    await writeFile(file, '\ufeffÜber $display_name\r\n');
    await run('set', hold, '--list', 'ant@example.com', '--file', 'hold.txt');
    expect(await from('--list', 'ant.example.com')).toEqual([
      'the list ant.example.com',
      'Über $display_name\n',
    ]);
    expect(await from('--site')).toEqual(['the site', 'of the site\n']);
    expect((await run('ls', '--list', 'ant@example.com')).stdout).toBe(`${hold}  Über $display_name\n`);

    expect((await run('remove', hold, '--list', 'ant@example.com')).stdout).toBe(
      `${hold} of the list ant.example.com is removed.\n`,
    );
    expect(await from('--list', 'ant@example.com')).toEqual(['the domain example.com', 'of the domain\n']);
    expect(await run('remove', hold, '--list', 'ant@example.com')).toMatchObject({
      status: 1,
      stderr: `belfry: No text ${hold} is set for the list ant.example.com\n`,
    });
    await run('remove', hold, '--domain', 'example.com');
    await run('remove', hold, '--site');
    expect(await run('ls', '--site')).toMatchObject({
      stdout: '',
      stderr: 'No texts are set for the site.\n',
    });
  });

  it('let a text be empty, and say so', async () => {
    expect((await set('', hold, '--list', 'ant@example.com')).stdout).toContain('is empty now');
    expect((await run('ls', '--list', 'ant@example.com')).stdout).toBe(`${hold}  (empty)\n`);
    await run('remove', hold, '--list', 'ant@example.com');
  });

  it('tell which variables a text does not have', async () => {
    const { stdout, status } = await set('$listname $nobody $$5 $request_id', hold, '--site', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).unknown_variables).toEqual(['nobody', 'request_id']);
    await run('remove', hold, '--site');
  });

  it.each([
    [['set', 'list:user:notice:welcom', '--site'], 1, 'There is no text "list:user:notice:welcom"'],
    [['show', 'hold'], 1, 'There is no text "hold"; template ls names them all\n'],
    [['set', hold], 2, 'One of --list, --domain and --site is missing'],
    [['set', hold, '--site', '--list', 'ant@example.com'], 2, 'Only one of'],
    [['set', hold, '--list', 'bee@example.com'], 1, 'There is no list bee@example.com'],
    [['set', hold, '--domain', 'example.net'], 1, 'There is no domain example.net'],
    [['set', hold, '--site', '--file', 'nothing.txt'], 1, 'The file nothing.txt cannot be read'],
    [['set'], 2, 'NAME is missing'],
  ])('refuse %j', async (words, status, says) => {
    const ran = await run(...words);
    expect(ran.status).toBe(status);
    expect(ran.stderr).toContain(says);
  });

  it('refuse a text that nobody would read to its end', async () => {
    expect((await set('x'.repeat(100_001), hold, '--site')).stderr).toContain('too long');
  });
});
