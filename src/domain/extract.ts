/**
 * An honest extract: of the sentences of an abstract, those that say what is new and what was
 * found, in their own order. Nothing is rewritten. Only a first clause that points at a sentence
 * left out ("To address these challenges, we …") goes, and a gap is shown as an ellipsis.
 */
import { cutAtWord, firstSentences, sentences } from './sentences.ts';

/** What a sentence is made of, as far as choosing goes. Points were set by `bench/extract.ts`. */
type Told = {
  readonly text: string;
  readonly at: number;
  /** How much it sounds like the paper's point, and like its result. */
  readonly point: number;
  readonly result: number;
};

/** Shown between sentences that do not follow each other in the abstract. */
const gap = ' … ';

/** Two sentences within this share of the room leave some for a third. */
const shortShare = 0.75;

/** One to three sentences, mostly two, of at most `most` characters; the title tells what matters in them. */
export const extractOf = (abstract: string, title: string, most: number): string => {
  const all = sentences(abstract);
  const told = all.map((text, at) => tell(text, at, all.length, wordsOf(title)));
  // Words of no language we know: the beginning is as good as any.
  if (!all.some(says)) return firstSentences(abstract, Math.round(most * shortShare));
  const chosen = choose(told, most);
  return chosen.length === 0 ? cutAtWord(fitting(told, most), most) : join(chosen);
};

const fitting = (told: readonly Told[], most: number): string => {
  const best = [...told].sort((a, b) => b.point - a.point)[0];
  return best ? cutAtWord(best.text, most) : '';
};

const choose = (told: readonly Told[], most: number): readonly Told[] => {
  const chosen: Told[] = [];
  const take = (worth: (one: Told) => number, least: number, room: number): void => {
    const [best] = told
      .filter((one) => !chosen.includes(one) && worth(one) > least && fits(chosen, one, room))
      .sort((a, b) => worth(b) - worth(a) || a.at - b.at);
    if (best) chosen.push(best);
  };
  const either = (one: Told): number => Math.max(one.point, one.result);
  take((one) => one.point, Number.NEGATIVE_INFINITY, most);
  take((one) => one.result, 0.8, most);
  if (chosen.length < 2) take(either, -0.5, most);
  // A third only where the two are short.
  take(either, 1, most * shortShare);
  return chosen;
};

const fits = (chosen: readonly Told[], one: Told, most: number): boolean =>
  join([...chosen, one]).length <= most;

const join = (chosen: readonly Told[]): string => {
  const inOrder = [...chosen].sort((a, b) => a.at - b.at);
  return inOrder
    .map((one, index) => {
      const before = inOrder[index - 1];
      if (before && before.at === one.at - 1) return ` ${one.text}`;
      return (before ? gap : '') + withoutPointer(one);
    })
    .join('');
};

// Every such clause names what the sentence before it told: without that it says nothing.
const pointer =
  /^(?:To (?:this end|address|tackle|overcome|bridge|solve|mitigate|fill|close|alleviate|resolve|remedy|meet|counter|handle|combat|enable|achieve|facilitate|support)\b[^,.;]{0,120}\b(?:this|these|those|such|it|them|end)\b[^,.;()]{0,80}|(?:In response|Motivated by this|Based on this|In light of (?:this|these)|Building on (?:this|these)|Inspired by this|Towards? this end|To this end|For this purpose|To do so|However|Moreover|Furthermore|Additionally|In addition|Therefore|Thus|Hence|Consequently|Accordingly|Finally|Notably|Specifically|In particular|Instead|Besides|Also|Further|As a result|In contrast|Meanwhile)\b[^,.;()]{0,40}), ?(?=\p{L})/u;

const withoutPointer = ({ text, at }: Told): string => {
  if (at === 0) return text;
  const rest = text.replace(pointer, '');
  return rest === text ? text : rest.charAt(0).toUpperCase() + rest.slice(1);
};

const novel =
  /\b(?:we|this (?:paper|work|study|article|report|survey|thesis)|here,?(?: we)?|the authors)\b[^.;]{0,60}\b(?:introduces?|propos(?:e|es|ing)|presents?|develop(?:s|ed)?|describes?|designs?|contributes?|releases?|unveils?|builds?|constructs?|establish(?:es)?|formulates?|reports?|investigates?|stud(?:y|ies)|examines?|explores?|reviews?|surveys?|revisits?|analy[sz]es?|addresses|argues?|asks?|shows?|provides?|offers?|demonstrates?|create)\b/i;
const strongNovel =
  /\bwe (?:then |thus |therefore |further |first |also |here )?(?:introduce|propose|present|develop|unveil|release)\b|\bthis (?:paper|work) (?:introduces|proposes|presents)\b/i;
const found =
  /\b(?:experiments?|results?|evaluations?|analys[ei]s|findings?|stud(?:y|ies)|benchmarks?)\b[^.;]{0,60}\b(?:show|demonstrate|reveal|indicate|suggest|confirm|prove|validate|highlight)s?\b|\bwe (?:also |further )?(?:show|find|found|demonstrate|prove|observe|discover|reveal|establish)\b|\b(?:outperform|surpass|exceed|improve|achieve|attain|reduce|yield|reach|match|boost|accelerate|rival|set)(?:s|es|d|ed|ing)?\b/i;
const measured =
  /\d+(?:\.\d+)?\s?(?:%|×|x\b|points?\b|times\b|percent)|\bstate[- ]of[- ]the[- ]art\b|\bSOTA\b/i;
const formal =
  /^(?:TL;?DR\b|we (?:hope|believe|expect|release)\b)|\b(?:code|data|datasets?|models?|project page|demo|website|source)\b[^.;]{0,60}\b(?:available|released?|open[- ]sourced?|accessible)\b|https?:\/\/|github\.com/i;
const background =
  /^(?:recent(?:ly)?|with the (?:rapid|rise|advent|growing)|in recent years|large language models \(LLMs\) have|existing|current|despite|traditional|while|although|prior|previous|as [^,]{0,60},|however|yet)\b|\b(?:previous|earlier) (?:stud(?:y|ies)|works?)\b|\b(?:has|have) (?:long |recently |widely )?(?:been|become|emerged|attracted|gained|given|shown|demonstrated|made|achieved remarkable)\b|\b(?:is|are|remains?) (?:an? |one of the )?(?:crucial|essential|important|fundamental|critical|key|vital|challenging|limited|difficult|promising|major|central|cornerstone)\b/i;
/** The authors speak. */
const own =
  /\bwe (?!hope|believe|expect)\p{L}+|\b(?:our|this) (?:method|approach|model|framework|work|paper|study|analysis|results?)\b/iu;
const leaning =
  /^(?:(?:it|its|they|their|these|this|those|such|both|here|there)\b(?! (?:paper|work|study|article|report|survey))|first|second|third|\(\w+\)|\d\)|in summary|overall|more broadly)/i;

const says = (text: string): boolean => [novel, found, measured, own].some((cue) => cue.test(text));

const tell = (text: string, at: number, of: number, title: ReadonlySet<string>): Told => {
  const words = wordsOf(text);
  const shared = [...words].filter((word) => title.has(word)).length / Math.max(1, title.size);
  const general =
    2.4 * shared -
    (formal.test(text) ? 3 : 0) -
    (background.test(text) ? 1 : 0) +
    (own.test(text) ? 0.7 : 0) -
    (at > 0 && leaning.test(text) ? 0.8 : 0) -
    (text.length > 300 ? 0.6 : 0) -
    (text.length < 45 ? 1 : 0) -
    (/\?\s*$/.test(text) ? 0.8 : 0);
  return {
    text,
    at,
    point:
      general +
      (novel.test(text) ? 1.2 : 0) +
      (strongNovel.test(text) ? 1.2 : 0) -
      // Of several sentences that present something, the first presents the whole.
      at / Math.max(1, of),
    result:
      general +
      (found.test(text) ? 1.6 : -0.8) +
      (measured.test(text) ? 0.9 : 0) +
      (0.5 * at) / Math.max(1, of),
  };
};

const stop = new Set(
  'with from that this these those their which into using based towards toward through over under between across about have been than then when what where while will also more most such each both they them your ours'.split(
    ' ',
  ),
);

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    (text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [])
      .filter((word) => !stop.has(word))
      .map((word) => word.slice(0, 7)),
  );
