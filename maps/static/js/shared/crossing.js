/** Where the border of a polygon that is being drawn meets itself, which no area may. Points are [x, y]. */

const turn = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
const isWithin = ([ax, ay], [bx, by], [x, y]) => x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);

/** Whether two edges have a point in common. */
function meet([a, b], [c, d]) {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (abc === 0 && isWithin(a, b, c)) || (abd === 0 && isWithin(a, b, d)) || (cda === 0 && isWithin(c, d, a)) || (cdb === 0 && isWithin(c, d, b));
}

/** Whether an edge runs back over the one that it goes on from. */
function foldsBack([a, b], [, c]) {
  return turn(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;
}

/** @returns the first two edges of the closed border that meet elsewhere than at their common end, or null */
export function findCrossing(points) {
  const corners = points.filter(([x, y], i) => x !== points.at(i - 1)[0] || y !== points.at(i - 1)[1]);
  const edges = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]]);
  if (edges.length < 3) return null;
  for (const [i, edge] of edges.entries()) {
    const next = (i + 1) % edges.length;
    if (foldsBack(edge, edges[next])) return [edge, edges[next]];
    for (let k = i + 2; k < edges.length - (i === 0 ? 1 : 0); k += 1) if (meet(edge, edges[k])) return [edge, edges[k]];
  }
  return null;
}
