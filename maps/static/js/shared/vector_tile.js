/** Mapbox vector tiles 2.1, as much of them as the service writes: text values, points, lines and polygons. */

class Reader {
  constructor(bytes, begin = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = begin;
    this.end = end;
  }

  varint() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return value;
  }

  /** Calls act(field, reader) for every field with content; whole numbers come as they are. */
  each(act) {
    while (this.at < this.end) {
      const key = this.varint();
      if ((key & 7) === 0) act(key >> 3, this.varint());
      else {
        const length = this.varint();
        act(key >> 3, new Reader(this.bytes, this.at, this.at + length));
        this.at += length;
      }
    }
  }

  text() {
    return new TextDecoder().decode(this.bytes.subarray(this.at, this.end));
  }
}

/** Lists of flat [x, y, x, y …]; `move(x, y)` may put each vertex elsewhere. */
function readPaths(reader, move) {
  const paths = [];
  let path = null;
  let [x, y] = [0, 0];
  while (reader.at < reader.end) {
    const command = reader.varint();
    if ((command & 7) === 7) continue;
    if ((command & 7) === 1) paths.push((path = []));
    for (let count = command >> 3; count > 0; count -= 1) {
      const [dx, dy] = [reader.varint(), reader.varint()];
      x += (dx >>> 1) ^ -(dx & 1);
      y += (dy >>> 1) ^ -(dy & 1);
      if (move) path.push(...move(x, y));
      else path.push(x, y);
    }
  }
  return paths;
}

function readLayer(reader, move) {
  const layer = { name: "", features: [] };
  const [keys, values, raw] = [[], [], []];
  reader.each((field, content) => {
    if (field === 1) layer.name = content.text();
    else if (field === 2) raw.push(content);
    else if (field === 3) keys.push(content.text());
    else if (field === 4) content.each((_, value) => values.push(value.text()));
  });
  layer.features = raw.map((content) => {
    const feature = { type: 0, properties: {}, paths: [] };
    content.each((field, part) => {
      if (field === 2) while (part.at < part.end) feature.properties[keys[part.varint()]] = values[part.varint()];
      else if (field === 3) feature.type = part;
      else if (field === 4) feature.paths = readPaths(part, move);
    });
    return feature;
  });
  return layer;
}

/** @returns {layer name: [{type, properties, paths}]} in tile units, or in what `move(x, y)` gives for them */
export function readTile(buffer, move = null) {
  const layers = {};
  new Reader(new Uint8Array(buffer)).each((field, content) => {
    if (field !== 3) return;
    const { name, features } = readLayer(content, move);
    layers[name] = features;
  });
  return layers;
}
