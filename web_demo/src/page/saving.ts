import {downloadZip} from 'client-zip';
import {Cancelled} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {resultName} from './names.js';
import type {Photo} from './photo.js';
import type {Workshop} from './workshop.js';

/** Where results go. */
interface Target {
  add(name: string, content: Blob): Promise<void>;
}

interface Folder {
  getFileHandle(
    name: string,
    options: {create: true},
  ): Promise<{
    createWritable(): Promise<{write(content: Blob): Promise<void>; close(): Promise<void>}>;
  }>;
}
const {showDirectoryPicker} = window as unknown as {
  showDirectoryPicker?: (options: object) => Promise<Folder>;
};

/** Whether the browser lets a page write into a folder. */
export const CAN_WRITE_FOLDERS = showDirectoryPicker !== undefined;

/** How many photographs were saved, and which were not. */
export interface Outcome {
  readonly saved: number;
  readonly failed: [Photo, Problem][];
}

/** Hands a file to the browser, which saves it. */
export function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has to have begun; until then the file must be there.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Saves photographs as one zip file. */
export async function saveAsZip(workshop: Workshop, photos: Photo[]): Promise<Outcome> {
  const files: {name: string; input: Blob; lastModified: Date}[] = [];
  const outcome = await saveInto(workshop, photos, {
    async add(name, input) {
      files.push({name, input, lastModified: new Date()});
    },
  });
  if (files.length > 0) download(await zipped(files), 'ambient.zip');
  return outcome;
}

/** One zip file, in blobs that browsers may keep on the disk: it can be larger than the memory. */
async function zipped(files: Parameters<typeof downloadZip>[0]): Promise<Blob> {
  const reader = downloadZip(files).body!.getReader();
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ;) {
    const {done, value} = await reader.read();
    if (value) {
      parts.push(value);
      size += value.length;
    }
    if (done || size > LARGEST_PART) {
      blobs.push(new Blob(parts));
      parts = [];
      size = 0;
    }
    if (done) return new Blob(blobs, {type: 'application/zip'});
  }
}

/**
 * Saves photographs into a folder that the user picks.
 *
 * @throws Canceled if the user picks none.
 */
export async function saveToFolder(workshop: Workshop, photos: Photo[]): Promise<Outcome> {
  let folder: Folder;
  try {
    folder = await showDirectoryPicker!({mode: 'readwrite'});
  } catch {
    throw new Cancelled();
  }
  return saveInto(workshop, photos, {
    async add(name, content) {
      const file = await folder.getFileHandle(name, {create: true});
      const stream = await file.createWritable();
      await stream.write(content);
      await stream.close();
    },
  });
}

async function saveInto(workshop: Workshop, photos: Photo[], target: Target): Promise<Outcome> {
  const taken = new Set<string>();
  const failed: [Photo, Problem][] = [];
  for (const photo of photos) {
    try {
      const {blob} = await workshop.save(photo);
      await target.add(resultName(photo.file.name, blob.type, taken), blob).catch(() => {
        throw new Problem('unwritable');
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed.push([photo, error]);
    }
  }
  return {saved: photos.length - failed.length, failed};
}

const LARGEST_PART = 2 ** 24; // bytes
