const WORD = /[\p{L}\p{N}]+/gu;

/** Texts that are equal but for letter case, accents and compatibility forms fold into the same. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<=\p{L})['’]s\b/gu, '')
    .toLowerCase();

export const wordsOf = (text: string): string[] => folded(text).match(WORD) ?? [];

/** One form for the singular and the plural of most English words. */
export const stem = (word: string): string =>
  word.length > 3 && /[^su]s$/.test(word) ? word.replace(/ies$/, 'y').replace(/s$/, '') : word;

const list = (text: string): string[] => text.trim().split(/\s+/);

/** Words that begin a sentence, or stand in it, without naming anything. Several languages; folded. */
const ENGLISH = list(`
  a about above according after again all almost also although among an and another any are around as at back be because been before
  being below between beyond both but by came can come could despite did do does done down during each either even every few first
  five for four from further get given gave had half has have he her here his how however i if in including instead into is it its just
  last least less like made make many may more moreover most much must near nearly neither never next no nor not note now of off on once one
  only or other our out over overall per roughly said same second see several she should since six so some still such ten than that the
  their them then there therefore these they third this those three through thus to together total two under until up upon us was we went
  were what when where whereas which while who whose why will with within without would yet you your`);
const COMMON = new Set([
  ...ENGLISH,
  ...list(`
  der die das den dem des ein eine einen einer eines und oder ist sind war waren gegen versus vs against contre wird wurde wurden werden hat haben hatte mit von vom im am
  zu zum zur bei nach aus auf fur uber unter sich nicht auch als wie es sie er wir ihr dies diese dieser dieses seit bis durch gegen ohne um
  le la les l un une des du de d et ou est sont etait a ont au aux en dans par pour sur avec sans ce cette ces il elle ils elles on qui que
  celle celui se ne pas plus
  el los las unos unas y o es son fue era ha han del al con por para sin su sus este esta estos se no mas
  lo gli i uno e sono era hanno della dei delle di da nel nella con per su non che
  och eller ar var har av pa i med for till fran det den de ett en som om inte
  o os as um uma do da dos das em na nos e`),
]);
const COMMON_IN_ENGLISH = new Set(ENGLISH);
export const isEnglish = (word: string): boolean => COMMON_IN_ENGLISH.has(word);
export const isCommon = (word: string): boolean => COMMON.has(word);

/** After these a name says where, when or whose, and is not what the sentence is about. */
export const PREPOSITIONS: ReadonlySet<string> = new Set(
  list(
    'in of at from for by with on to under into through via near per im am von vom bei aus mit fur nach in zu zur zum de du des en a au aux dans par pour del al con por para di da nel nella i pa av till',
  ),
);

export const ARTICLES: ReadonlySet<string> = new Set(
  list('the a an der die das dem den la le les l el los las il lo'),
);

export const PRONOUNS: ReadonlySet<string> = new Set(
  list('it its they their he his she her this these er sie es ihr sein elle ils elles lui su sus ella'),
);

/** Left out of a name: what it is called without them is called the same. */
export const FORMS: ReadonlySet<string> = new Set(
  list(
    'corp corporation inc incorporated ltd limited gmbh ag plc llc co sa sas srl bv nv ab oy kg se dr mr mrs ms prof sir',
  ),
);
