import { addressesInText } from '../addresses-in-text.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt, oneLine } from '../diagnostic.ts';
import { isReportLike } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';
import { endOfMatch } from '../text-format.ts';

// The sentences of Exchange 5.5 to Online in the languages of its reports.
const heading =
  /did not reach the following recipient|delivery has failed to (?:these|the following) recipients|couldn['’]t be delivered to|wasn['’]t delivered to|could not be delivered to the following|rejected your message to the following e-?mail addresses|fehler bei der (?:nachrichten)?zustellung an (?:folgende|die folgenden|diese)|die nachricht .{0,80}konnte nicht (?:an|zugestellt)|folgende(?:n)? empfänger (?:\S+ )?nicht erreicht|hat (?:die folgenden|folgende) empfänger nicht erreicht|échec de la remise (?:pour|aux|à)|n['’]a pas (?:atteint|pu être remis)|non remis(?:e)?\b|error de entrega (?:a|para)|no se (?:entregó|pudo entregar)|no llegó a|recapito (?:non riuscito|fallito)|impossibile recapitare|non è stato recapitato|falha na entrega (?:para|a)|não (?:foi|pôde ser) entregue|bezorging .{0,40}mislukt|niet bezorgd|(?:次|以下)の(?:受信者|宛先|人).{0,20}(?:配信|配布|届)|无法(?:送达|传递|将邮件)|未能送达|传递失败|не удалось доставить|сообщение не доставлено|leveransen .{0,40}misslyckades|kunne ikke leveres/i;
const ending =
  /^\s*(?:diagnostic information for administrators|diagnoseinformationen für administratoren|informations de diagnostic|información de diagnóstico|informazioni di diagnostica|informações de diagnóstico|diagnostische gegevens|diagnostisk information|диагностические сведения|管理者向けの診断情報|管理员的诊断信息|供系统管理员使用的诊断信息|original message headers)/i;
const exchange =
  /MSEXCH:|generating server|generierender server|serveur de g[eé]n[eé]ration|servidor (?:de|que) gener|server di generazione|servidor de geração|microsoft exchange|MTS-ID|exchange server|rejected your message|#[45]\d\d [45]\.\d|生成服务器|生成サーバー|сформировавший сервер/i;
const alone = /^\s*(?:c=[^;]{0,4};.{0,200}?SMTP=)?['"<(•*·-]*\s*([^\s'"<>();]+@[^\s'"<>();,:]+)/i;

/**
 * Exchange and Office 365, which send a delivery status as well, but which connectors and mail programs strip of it: the addresses stand after the
 * sentence, and again before `#550 5.1.1 ...` in what is for administrators.
 */
export const exchangeNotice: Detector = {
  name: 'exchange',
  detect: (mail) => {
    if (!isReportLike(mail)) return undefined;
    const { lines } = mail;
    mail.steps.add(3 * lines.length);
    if (!lines.some((line) => exchange.test(line))) return undefined;
    const isOwn = ownAddresses(mail);
    const found = new Map<string, Found>();
    let open = false;
    for (const [index, line] of lines.entries()) {
      const start = endOfMatch(mail, index, heading);
      if (start !== -1) open = true;
      // What is for administrators repeats the address with the server's answer, which is the better diagnostic.
      const next = (lines[index + 1] ?? '').trim();
      const answered = /^#?\s*(?:<?\S+ #|[45]\d\d[ -]|#<|remote server returned)/i.test(next);
      if (ending.test(line)) open = false;
      if (!open && !answered) continue;
      const text = start === -1 ? line : line.slice(start);
      const [first] = addressesInText(alone.exec(text)?.[1] ?? (start === -1 ? '' : text));
      if (first === undefined || isOwn(first.address)) continue;
      const key = first.address.toLowerCase();
      if (found.has(key) && !answered) continue;
      const diagnostic = answered ? oneLine(next) : diagnosticAt(mail, index, first.address);
      found.set(key, { address: first.address, diagnostic });
    }
    return detectedIf([...found.values()]);
  },
};
