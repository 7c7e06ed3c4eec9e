import type { MailingList } from '../lists/list.ts';
import { type BounceTextName, type BounceTextVariables, bounceTexts } from '../templates/bounce-texts.ts';
import { type RenderPorts, renderText } from '../templates/render.ts';

/** Writes a text about bounces for a list. */
export const bounceText = <N extends BounceTextName>(
  name: N,
  list: MailingList,
  variables: BounceTextVariables<N>,
  ports: RenderPorts,
): Promise<string> => renderText({ name, builtIn: bounceTexts[name].text }, list, variables, ports);
