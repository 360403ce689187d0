import {downloadZip} from 'client-zip';
import {Cancelled} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {NameSet, resultName} from './names.js';
import type {Photo} from './photo.js';
import type {Workshop} from './workshop.js';

/** A destination for results. */
interface SaveTarget {
  /** Existing names, which results must not reuse. */
  readonly taken: NameSet;
  add(name: string, content: Blob): Promise<void>;
}

interface Folder {
  keys(): AsyncIterable<string>;
  getFileHandle(
    name: string,
    options: {create: true},
  ): Promise<{
    createWritable(): Promise<{write(content: Blob): Promise<void>; close(): Promise<void>}>;
  }>;
  removeEntry(name: string): Promise<void>;
}
const {showDirectoryPicker} = globalThis as unknown as {
  showDirectoryPicker?: (options: object) => Promise<Folder>;
};

/** Whether the browser lets a page write into a folder. */
export const CAN_WRITE_FOLDERS = showDirectoryPicker !== undefined;

/** How many photographs were saved, and which ones failed. */
export interface Outcome {
  readonly saved: number;
  readonly failed: [Photo, Problem][];
}

/** Downloads a file through the browser. */
export function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The URL must stay valid until the browser has started the download.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Saves photographs as one zip file, except those that are removed in the meantime. */
export async function saveAsZip(workshop: Workshop, photos: Photo[]): Promise<Outcome> {
  const files: {name: string; input: Blob; lastModified: Date}[] = [];
  const outcome = await saveEach(workshop, photos, {
    taken: new NameSet(),
    async add(name, input) {
      files.push({name, input, lastModified: new Date()});
    },
  });
  if (files.length > 0) download(await createZip(files), 'ambient.zip');
  return outcome;
}

/** Returns one zip file made of blobs, which browsers may keep on disk if it exceeds the memory. */
async function createZip(files: Parameters<typeof downloadZip>[0]): Promise<Blob> {
  const reader = downloadZip(files).body!.getReader();
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ;) {
    const {done, value} = await reader.read();
    if (value) {
      parts.push(value);
      size += value.length;
    }
    if (done || size > MAX_PART_SIZE) {
      blobs.push(new Blob(parts));
      parts = [];
      size = 0;
    }
    if (done) return new Blob(blobs, {type: 'application/zip'});
  }
}

/**
 * Saves photographs into a folder that the user picks, except those that are removed in the
 * meantime. Existing files are never overwritten, because they may be the originals.
 *
 * @throws Cancelled if the user picks no folder.
 */
export async function saveToFolder(workshop: Workshop, photos: Photo[]): Promise<Outcome> {
  let folder: Folder;
  try {
    folder = await showDirectoryPicker!({mode: 'readwrite'});
  } catch {
    throw new Cancelled();
  }
  const taken = new NameSet();
  for await (const name of folder.keys()) taken.add(name);
  return saveEach(workshop, photos, {
    taken,
    async add(name, content) {
      const file = await folder.getFileHandle(name, {create: true});
      try {
        const stream = await file.createWritable();
        await stream.write(content);
        await stream.close();
      } catch (error) {
        // Otherwise an empty file would stay, for example on a full disk.
        await folder.removeEntry(name).catch(() => {});
        throw error;
      }
    },
  });
}

async function saveEach(workshop: Workshop, photos: Photo[], target: SaveTarget): Promise<Outcome> {
  const failed: [Photo, Problem][] = [];
  const {cancellations} = workshop;
  let saved = 0;
  // All with their settings at this moment, like a single photograph that has to wait.
  const requests = photos.map((photo) => ({photo, request: photo.saveRequest}));
  for (const {photo, request} of requests) {
    try {
      const {blob} = await workshop.save(photo, request);
      await target.add(resultName(photo.file.name, blob.type, target.taken), blob).catch(() => {
        throw new Problem('unwritable');
      });
      saved++;
    } catch (error) {
      const wasRemoved = photo.isRemoved && workshop.cancellations === cancellations;
      if (error instanceof Cancelled && wasRemoved) continue;
      if (!(error instanceof Problem)) throw error;
      failed.push([photo, error]);
    }
  }
  return {saved, failed};
}

const MAX_PART_SIZE = 2 ** 24; // bytes
