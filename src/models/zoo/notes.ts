import type { Notes, NotesById, Text } from '../network.ts';
import { createRecent } from '../recent.ts';
import { alexnetNotes } from './alexnet.text.ts';
import { cifarResnetNotes } from './cifarResnet.text.ts';
import { densenetNotes } from './densenet.text.ts';
import { efficientnetNotes } from './efficientnet.text.ts';
import { fractalnetNotes } from './fractalnet.text.ts';
import { googlenetNotes } from './googlenet.text.ts';
import { inceptionv3Notes } from './inceptionv3.text.ts';
import { inceptionv4Notes } from './inceptionv4.text.ts';
import { lenetNotes } from './lenet.text.ts';
import { mobilenetNotes } from './mobilenet.text.ts';
import { mobilenetv2Notes } from './mobilenetv2.text.ts';
import { ninNotes } from './nin.text.ts';
import { preactNotes } from './preact.text.ts';
import { resnetNotes } from './resnet.text.ts';
import { resnextNotes } from './resnext.text.ts';
import { squeezenetNotes } from './squeezenet.text.ts';
import { vggNotes } from './vgg.text.ts';
import { wideResnetNotes } from './wideResnet.text.ts';
import { zfnetNotes } from './zfnet.text.ts';
import { differenceFrom, nearestMember, parseReference, sameInference } from './index.ts';
import type { Listed, Reference } from './index.ts';
import type { Settings } from './settings.ts';

/**
 * What there is to read of the zoo's networks. Nothing that is drawn or counted needs it: Node, the comparison and the
 * table import it statically, the page's first view after its first drawing.
 */
const listed: NotesById = {
  ...alexnetNotes,
  ...cifarResnetNotes,
  ...densenetNotes,
  ...efficientnetNotes,
  ...fractalnetNotes,
  ...googlenetNotes,
  ...inceptionv3Notes,
  ...inceptionv4Notes,
  ...lenetNotes,
  ...mobilenetNotes,
  ...mobilenetv2Notes,
  ...ninNotes,
  ...preactNotes,
  ...resnetNotes,
  ...resnextNotes,
  ...squeezenetNotes,
  ...vggNotes,
  ...wideResnetNotes,
  ...zfnetNotes,
};

/** The members that have notes: all of them, as a test says. */
export const notedMembers: readonly string[] = Object.keys(listed);

const found = createRecent<Notes>(100, () => 1);

/**
 * The notes of the network that a reference names: a member's own, or those of the nearest member with what holds of this
 * form. Throws as parseReference does.
 */
export function notesOf(ref: string): Notes {
  const known = found.get(ref) ?? look(parseReference(ref));
  found.set(ref, known);
  return known;
}

function look({ family, settings, member }: Reference): Notes {
  if (member) return listed[member.info.id]!;
  const near = nearestMember(family, settings);
  const notes = listed[near.member.info.id]!;
  const publishedErrors = sameInference(near, settings)
    ? notes.publishedErrors
    : publishedFor(near, settings);
  const note = unlistedNote(near, settings, publishedErrors.length > 0);
  return { ...notes, publishedErrors, deviations: [note, ...notes.deviations] };
}

function publishedFor({ family }: Listed, settings: Settings): Notes['publishedErrors'] {
  const form = family.published?.(settings);
  return form ? listed[form.member]!.publishedErrors.filter(form.only ?? (() => true)) : [];
}

function unlistedNote(near: Listed, settings: Settings, published: boolean): Text {
  const { name } = near.member.info;
  const difference = differenceFrom(near, settings);
  if (sameInference(near, settings))
    return {
      en: `${name} as it is trained (${difference}): what only training has is drawn and counted too; the answer and the errors are the same without it.`,
      ko: `${name}의 학습용 구조이다(${difference}). 학습할 때만 쓰는 부분도 그리고 세지만, 답과 오류율은 그것이 없을 때와 같다.`,
    };
  if (published)
    return {
      en: `This form was published beside ${name} (here ${difference}): the errors are its own; the notes below are about ${name}.`,
      ko: `${name}의 논문에 함께 발표된 형태이다(여기서는 ${difference}). 오류율은 이 형태의 값이고, 아래 설명은 목록의 망에 대한 것이다.`,
    };
  return {
    en: `These settings are not a published network's: the structure and the counts are exact, but there are no published errors. The nearest that is listed is ${name} (here ${difference}); the notes below are about it.`,
    ko: `발표된 망의 설정이 아니다. 구조와 수치는 정확하지만 발표된 오류율은 없다. 목록에서 가장 가까운 망은 다음과 같으며 아래 설명은 그 망에 대한 것이다: ${name}(여기서는 ${difference}).`,
  };
}
