import {BlazeFace, type FaceFinder} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {FaceDetector} from './faceDetector.js';
import {LightNetwork} from './lightNetwork.js';
import {Network, type Runner} from './network.js';
import {compiled, loadRuntime} from './runtime.js';
import {unpackedSibling} from './siblingFile.js';

/** The fields of `model.json` used here. The file is the model card plus what the build adds. */
interface Description {
  /** Whether there is a file for photographs of the other orientation. */
  readonly sibling: boolean;
  /** Whether there is a face detector, and so the rules of light apply. */
  readonly faces: boolean;
}

/** The networks that a model's file may hold. */
export type AnyNetwork = Network | LightNetwork;

/** A model that is ready to correct photographs, with its companion networks. */
export class Generator {
  private sibling: Promise<AnyNetwork> | null = null;

  private constructor(
    private readonly first: AnyNetwork,
    private readonly openSibling: (() => Promise<AnyNetwork>) | null,
    /**
     * Finds faces for the rules of light; null if they do not apply, as with a user's own model.
     */
    readonly faceFinder: FaceFinder | null,
  ) {}

  /**
   * Loads the runtime, the model, and the face detector if the rules of light apply.
   *
   * @param base the folder of the page, with `wasm/`, `model.tflite` and `model.json`.
   * @param isolated whether the page is cross-origin isolated, as threads require.
   * @throws Problem if a file is missing or does not run here.
   */
  static async load(base: string, isolated: boolean): Promise<Generator> {
    const [file, {description, faces}, threads] = await Promise.all([
      bytesOf(`${base}model.tflite`),
      descriptionOf(base),
      loadRuntime(`${base}wasm/`, isolated),
    ]);
    const first = await networkOf(file, threads);
    const openSibling = async () => {
      const packed = await bytesOf(`${base}sibling.bin`);
      return networkOf(await unpackedSibling(file, packed), threads);
    };
    return new Generator(
      first,
      description.sibling ? openSibling : null,
      faces && new BlazeFace(await FaceDetector.load(faces)),
    );
  }

  /** Whether the model is for placed light and so accepts a direction of the light. */
  get takesLights(): boolean {
    return this.first instanceof LightNetwork;
  }

  /** What runs the model. */
  get runner(): Runner {
    return this.first.runner;
  }

  /**
   * Returns the network for a photograph's orientation. The second one is loaded on first use.
   *
   * @throws Problem if it cannot be loaded.
   */
  async networkFor(height: number, width: number): Promise<AnyNetwork> {
    const isOther = (height - width) * (this.first.height - this.first.width) < 0;
    if (!this.openSibling || !isOther) return this.first;
    this.sibling ??= this.openSibling();
    try {
      const network = await this.sibling;
      // Tried only after the first one, which shows whether the GPU is worth the time.
      if (this.first.runner.gpu === 'used') await network.tryGpu();
      return network;
    } catch (error) {
      this.sibling = null; // The next photograph tries again.
      throw error;
    }
  }

  /** Tries the GPU, once, and keeps using it if it agrees with the CPU and is faster. */
  tryGpu(): Promise<void> {
    return this.first.tryGpu();
  }
}

/** Loads a network from a file. The runtime must be loaded. */
async function networkOf(file: Uint8Array, threads: number): Promise<AnyNetwork> {
  const model = await compiled(file);
  return LightNetwork.of(model, threads) ?? new Network(file, model, threads);
}

async function descriptionOf(base: string): Promise<{description: Description; faces: Uint8Array | null}> {
  const text = new TextDecoder().decode(await bytesOf(`${base}model.json`));
  const description = JSON.parse(text) as Description;
  return {description, faces: description.faces ? await bytesOf(`${base}faces.tflite`) : null};
}

async function bytesOf(address: string): Promise<Uint8Array> {
  const response = await fetch(address).catch(() => null);
  const content = response?.ok ? await response.arrayBuffer().catch(() => null) : null;
  if (!content) throw new Problem('modelMissing');
  return new Uint8Array(content);
}
