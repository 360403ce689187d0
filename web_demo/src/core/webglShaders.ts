/** One triangle that covers the canvas. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}
`;

/** Applies step 7 of `keras_f2a.correction.full_resolution`, then its `tone`, to one pixel. */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;

uniform sampler2D photo;
uniform sampler2D repaired;   // the photograph with its repairs
uniform sampler2D gain;
uniform sampler2D offset;
uniform sampler2D curves;     // 256 steps a row
uniform ivec2 coefficients;   // columns and rows of gain and offset
uniform vec2 canvas;          // columns and rows
uniform bool exact;           // the canvas has the photograph's own pixels
uniform float strength;
uniform bool toned;
uniform float divider;        // in columns of the canvas
out vec4 color;

vec3 interpolate(sampler2D image, ivec2 before, vec2 share) {
  ivec2 after = min(before + 1, coefficients - 1);
  vec3 upper = mix(texelFetch(image, before, 0).rgb,
                   texelFetch(image, ivec2(after.x, before.y), 0).rgb, share.x);
  vec3 lower = mix(texelFetch(image, ivec2(before.x, after.y), 0).rgb,
                   texelFetch(image, after, 0).rgb, share.x);
  return mix(upper, lower, share.y);
}

float applyCurve(float value, int channel) {
  int step = int(clamp(value * 16.0 + 0.5, 0.0, 4080.0));
  return texelFetch(curves, ivec2(step & 255, step >> 8), 0)[channel];
}

vec4 readPixel(sampler2D picture, vec2 position) {
  return exact ? texelFetch(picture, ivec2(position), 0)
    : texture(picture, position / canvas);
}

void main() {
  // The canvas counts rows from below, the photograph from above.
  vec2 position = vec2(gl_FragCoord.x, canvas.y - gl_FragCoord.y);
  // Both are read everywhere, because which of its smaller copies is taken depends on the neighbors.
  vec4 flash = readPixel(photo, position);
  vec4 withRepairs = readPixel(repaired, position);
  if (gl_FragCoord.x < divider) {
    color = vec4(flash.rgb * flash.a, flash.a);
    return;
  }
  if (strength > 0.0) flash = withRepairs;
  vec2 center = clamp(position * vec2(coefficients) / canvas - 0.5,
                      vec2(0.0), vec2(coefficients - 1));
  ivec2 before = min(ivec2(center), max(coefficients - 2, 0));
  vec2 share = center - vec2(before);
  vec3 a = 1.0 + strength * (interpolate(gain, before, share) - 1.0);
  vec3 b = strength * interpolate(offset, before, share);
  vec3 value = 255.0 * (flash.rgb * a + b);
  vec3 level = toned
    ? vec3(applyCurve(value.r, 0), applyCurve(value.g, 1), applyCurve(value.b, 2))
    : floor(clamp(value + 0.5, 0.0, 255.0)) / 255.0;
  color = vec4(level * flash.a, flash.a);
}
`;
