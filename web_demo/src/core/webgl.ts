import {Settings} from './correction.js';
import {LocalAffine} from './localAffine.js';
import {RgbImage} from './rgbImage.js';
import {shareOf} from './strength.js';
import {TONE_STEPS} from './tone.js';
import {FRAGMENT_SHADER, VERTEX_SHADER} from './webglShaders.js';

/**
 * Draws a photograph before and after its correction into a WebGL2 canvas. It does the same as
 * `applyCorrection` at the resolution of the canvas, so settings can change live.
 *
 * If the canvas is as large as the photograph, every pixel is within one level of 255 of
 * `applyCorrection`. For a smaller canvas, the photograph is shrunk before it is corrected.
 */
export class WebGlCorrection {
  private readonly program: WebGLProgram;
  private readonly photo: WebGLTexture;
  private readonly repaired: WebGLTexture;
  private readonly gain: WebGLTexture;
  private readonly offset: WebGLTexture;
  private readonly curves: WebGLTexture;
  private photoSize: [number, number] = [0, 0];

  /**
   * @param gl the canvas's context, for this object's exclusive use.
   * @throws Error if the shader does not compile.
   */
  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = createProgram(gl);
    this.photo = this.createTexture('photo', 0);
    this.gain = this.createTexture('gain', 1);
    this.offset = this.createTexture('offset', 2);
    this.curves = this.createTexture('curves', 3);
    this.repaired = this.createTexture('repaired', REPAIRED_UNIT);
  }

  /** The longest side of a photograph that `setPhoto` takes, in pixels. */
  get largestSide(): number {
    return this.gl.getParameter(this.gl.MAX_TEXTURE_SIZE) as number;
  }

  /**
   * Uploads the photograph, upright. The caller may close it afterward.
   *
   * @param photo the photograph.
   * @param repaired the photograph with its repairs, which is the input of any correction; null for
   *   none.
   */
  setPhoto(photo: ImageBitmap | ImageData, repaired: ImageBitmap | ImageData | null = null): void {
    this.photoSize = [photo.width, photo.height];
    this.uploadPicture(this.photo, 0, photo);
    if (repaired) this.uploadPicture(this.repaired, REPAIRED_UNIT, repaired);
    this.gl.uniform1i(this.uniformLocation('repaired'), repaired ? REPAIRED_UNIT : 0);
  }

  private uploadPicture(texture: WebGLTexture, unit: number, photo: ImageBitmap | ImageData): void {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, photo);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    this.clampToEdge();
  }

  /** Uploads what the network does to the photograph. */
  setModel(model: LocalAffine): void {
    this.setCoefficients(this.gain, 1, model.gain);
    this.setCoefficients(this.offset, 2, model.offset);
    this.gl.uniform2i(this.uniformLocation('coefficients'), model.gain.width, model.gain.height);
  }

  /** Sets strength and tone. */
  setSettings({strength, tone}: Settings): void {
    const {gl} = this;
    gl.uniform1f(this.uniformLocation('strength'), shareOf(strength));
    gl.uniform1i(this.uniformLocation('toned'), tone.isNeutral ? 0 : 1);
    if (tone.isNeutral) return;
    const [red, green, blue] = tone.curves();
    const texels = new Uint8Array(CURVE_WIDTH * CURVE_HEIGHT * 4);
    for (let step = 0; step <= TONE_STEPS; step++) {
      texels.set([red[step], green[step], blue[step]], step * 4);
    }
    gl.activeTexture(gl.TEXTURE3);
    gl.bindTexture(gl.TEXTURE_2D, this.curves);
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      gl.RGBA8,
      CURVE_WIDTH,
      CURVE_HEIGHT,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      texels,
    );
    this.sampleNearest();
  }

  /**
   * Draws the photograph over the whole canvas.
   *
   * @param divider the fraction of the width, from the left, that shows the photograph uncorrected.
   */
  draw(divider: number): void {
    const {gl} = this;
    const {width, height} = gl.canvas;
    gl.viewport(0, 0, width, height);
    gl.uniform2f(this.uniformLocation('canvas'), width, height);
    gl.uniform1i(
      this.uniformLocation('exact'),
      width === this.photoSize[0] && height === this.photoSize[1] ? 1 : 0,
    );
    gl.uniform1f(this.uniformLocation('divider'), divider * width);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Frees everything on the graphics card. */
  delete(): void {
    for (const texture of [this.photo, this.repaired, this.gain, this.offset, this.curves]) {
      this.gl.deleteTexture(texture);
    }
    this.gl.deleteProgram(this.program);
  }

  private setCoefficients(texture: WebGLTexture, unit: number, {width, height, values}: RgbImage) {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB32F, width, height, 0, gl.RGB, gl.FLOAT, values);
    this.sampleNearest();
  }

  /** For `texelFetch`: the shader interpolates itself, because few GPUs filter float32 textures. */
  private sampleNearest(): void {
    const {gl} = this;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.clampToEdge();
  }

  private clampToEdge(): void {
    const {gl} = this;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  private createTexture(sampler: string, unit: number): WebGLTexture {
    this.gl.uniform1i(this.uniformLocation(sampler), unit);
    const texture = this.gl.createTexture();
    if (!texture) throw new Error('WebGL gives no texture');
    return texture;
  }

  private uniformLocation(name: string): WebGLUniformLocation | null {
    return this.gl.getUniformLocation(this.program, name);
  }
}

function createProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  if (!program) throw new Error('WebGL gives no program');
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('WebGL gives no shader');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`WebGL: ${gl.getProgramInfoLog(program)}`);
  }
  gl.useProgram(program);
  return program;
}

const REPAIRED_UNIT = 4;
const CURVE_WIDTH = 256;
const CURVE_HEIGHT = 16;
