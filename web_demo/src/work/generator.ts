import {BlazeFace, type FaceFinder} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {FaceDetector} from './faceDetector.js';
import {LightNetwork} from './lightNetwork.js';
import {Network, type Runner} from './network.js';
import {compileModel, loadRuntime} from './runtime.js';
import {unpackSibling} from './siblingFile.js';

/** The fields of `model.json` used here. The file is the model card plus what the build adds. */
interface ModelDescription {
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
    private readonly primary: AnyNetwork,
    private readonly loadSibling: (() => Promise<AnyNetwork>) | null,
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
      fetchBytes(`${base}model.tflite`),
      fetchDescription(base),
      loadRuntime(`${base}wasm/`, isolated),
    ]);
    const primary = await createNetwork(file, threads);
    const loadSibling = async () => {
      const packed = await fetchBytes(`${base}sibling.bin`);
      return createNetwork(await unpackSibling(file, packed), threads);
    };
    return new Generator(
      primary,
      description.sibling ? loadSibling : null,
      faces && new BlazeFace(await FaceDetector.load(faces)),
    );
  }

  /** Whether the model is for placed light and so accepts a direction of the light. */
  get supportsLights(): boolean {
    return this.primary instanceof LightNetwork;
  }

  /** What runs the model. */
  get runner(): Runner {
    return this.primary.runner;
  }

  /**
   * Returns the network for a photograph's orientation. The second one is loaded on first use.
   *
   * @throws Problem if it cannot be loaded.
   */
  async networkFor(height: number, width: number): Promise<AnyNetwork> {
    const isOtherOrientation = (height - width) * (this.primary.height - this.primary.width) < 0;
    if (!this.loadSibling || !isOtherOrientation) return this.primary;
    this.sibling ??= this.loadSibling();
    try {
      const network = await this.sibling;
      // Tried only after the first one, which shows whether the GPU is worth the time.
      if (this.primary.runner.gpu === 'used') await network.tryGpu();
      return network;
    } catch (error) {
      this.sibling = null; // The next photograph tries again.
      throw error;
    }
  }

  /** Tries the GPU, once, and keeps using it if it agrees with the CPU and is faster. */
  tryGpu(): Promise<void> {
    return this.primary.tryGpu();
  }
}

/** Loads a network from a file. The runtime must be loaded. */
async function createNetwork(file: Uint8Array, threads: number): Promise<AnyNetwork> {
  const model = await compileModel(file);
  return LightNetwork.of(model, threads) ?? new Network(file, model, threads);
}

async function fetchDescription(
  base: string,
): Promise<{description: ModelDescription; faces: Uint8Array | null}> {
  const text = new TextDecoder().decode(await fetchBytes(`${base}model.json`));
  const description = JSON.parse(text) as ModelDescription;
  return {description, faces: description.faces ? await fetchBytes(`${base}faces.tflite`) : null};
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url).catch(() => null);
  const content = response?.ok ? await response.arrayBuffer().catch(() => null) : null;
  if (!content) throw new Problem('modelMissing');
  return new Uint8Array(content);
}
