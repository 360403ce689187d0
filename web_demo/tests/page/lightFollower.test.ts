import {expect, it} from 'vitest';
import {LightFollower} from '../../src/page/lightFollower.js';
import {Photo} from '../../src/page/photo.js';
import type {AnalyzeResponse, LightRequest, RelightResponse} from '../../src/work/correctionService.js';

const RELIT = {isAlmostUnchanged: false} as RelightResponse;

function createAnalyzedPhoto(): Photo {
  const photo = new Photo(new File([], 'dinner.jpg'));
  photo.analysis = {light: 'auto', amount: 1} as AnalyzeResponse;
  return photo;
}

/** Asks for lights one after the other, and lets a test answer each request. */
class FakeRelighter {
  readonly requests: string[] = [];
  readonly shown: string[] = [];
  readonly follower: LightFollower;
  private resolve: (relit: RelightResponse | null) => void = () => {};

  constructor() {
    this.follower = new LightFollower(
      (_: Photo, {light}: LightRequest) => {
        this.requests.push(light);
        return new Promise((resolve) => (this.resolve = resolve));
      },
      (photo) => this.shown.push(photo.light),
      (error) => expect.unreachable(String(error)),
    );
  }

  move(photo: Photo, light: string): void {
    photo.light = light;
    this.follower.follow(photo);
  }

  async reply(relit: RelightResponse | null): Promise<void> {
    this.resolve(relit);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

it('asks for the latest light only', async () => {
  const [desk, photo] = [new FakeRelighter(), createAnalyzedPhoto()];
  for (const light of ['-10,0,0.1', '-20,0,0.1', '-30,0,0.1']) desk.move(photo, light);
  await desk.reply(RELIT);
  await desk.reply(RELIT);
  expect(desk.requests).toEqual(['-10,0,0.1', '-30,0,0.1']);
  expect(desk.shown.at(-1)).toBe('-30,0,0.1');
});

it('follows the light of a photograph that took the place of another', async () => {
  const [desk, first, second] = [new FakeRelighter(), createAnalyzedPhoto(), createAnalyzedPhoto()];
  desk.move(first, 'room');
  desk.move(second, 'ceiling');
  await desk.reply(null);
  await desk.reply(RELIT);
  expect(desk.shown).toEqual(['ceiling']);
});

it('stops if its photograph is gone', async () => {
  const [desk, photo] = [new FakeRelighter(), createAnalyzedPhoto()];
  desk.move(photo, 'room');
  await desk.reply(null);
  expect([desk.requests, desk.shown]).toEqual([['room'], []]);
});
