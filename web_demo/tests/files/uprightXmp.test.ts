import {describe, expect, it} from 'vitest';
import {ascii} from '../../src/files/bytes.js';
import {rotateRectangle, rotateSubjectArea} from '../../src/files/turns.js';
import {xmpOfUprightImage} from '../../src/files/uprightXmp.js';

const NAMES =
  'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" ' +
  'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" ' +
  'xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"';

function packet(width: number, height: number, area: string): string {
  return (
    `<rdf:Description ${NAMES}><mwg-rs:AppliedToDimensions stDim:w="${width}" stDim:h="${height}"/>` +
    `<mwg-rs:Area ${area}/></rdf:Description>`
  );
}

function upright(text: string): string {
  const bytes = xmpOfUprightImage(ascii(text), {width: 48, height: 64, orientation: 6});
  return new TextDecoder().decode(bytes);
}

describe('regions of a picture that is turned', () => {
  it('turn with its pixels', () => {
    const stored = packet(64, 48, 'stArea:x="0.75" stArea:y="0.25" stArea:w="0.2" stArea:h="0.1"');
    const turned = packet(48, 64, 'stArea:x="0.75" stArea:y="0.75" stArea:w="0.10" stArea:h="0.20"');
    expect(upright(stored)).toBe(turned);
  });

  it('stay if their dimensions are those of the upright picture', () => {
    const stored = packet(48, 64, 'stArea:x="0.75" stArea:y="0.25" stArea:w="0.2" stArea:h="0.1"');
    expect(upright(stored)).toBe(stored);
  });

  it('stay if they say no place', () => {
    const stored = packet(64, 48, 'stArea:x="left"');
    expect(upright(stored)).toBe(stored.replace('w="64" stDim:h="48"', 'w="48" stDim:h="64"'));
  });
});

it('turns places by every orientation', () => {
  const corners = [1, 2, 3, 4, 5, 6, 7, 8].map((turned) => rotateRectangle([1, 2, 3, 4], turned, 10, 20));
  expect(corners).toEqual([
    [1, 2, 3, 4],
    [6, 2, 3, 4],
    [6, 14, 3, 4],
    [1, 14, 3, 4],
    [2, 1, 4, 3],
    [14, 1, 4, 3],
    [14, 6, 4, 3],
    [2, 6, 4, 3],
  ]);
});

it('turns a subject that is a point, a circle or a rectangle, and nothing else', () => {
  const subjects = [[46, 12], [46, 12, 9], [46, 12, 12, 8], [46], [1, 2, 3, 4, 5]];
  expect(subjects.map((each) => rotateSubjectArea(each, 6, 48, 64))).toEqual([
    [35, 46],
    [35, 46, 9],
    [35, 46, 8, 12],
    [46],
    [1, 2, 3, 4, 5],
  ]);
});
