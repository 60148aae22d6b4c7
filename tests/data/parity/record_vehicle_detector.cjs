// Record what TensorFlow.js answers for the vehicle detector; run by hand, never by the tests.
//   npm install @tensorflow/tfjs, then
//   node record_vehicle_detector.cjs nanodet.json nanodet.bin BLOB.f32 OUT.f32
// BLOB is `Model.blob(synthetic_bgr(416))` as raw float32, OUT the six outputs end to end;
// `vehicle_detector.npz` keeps every 97th of them as `values`.
const fs = require('fs');
const tf = require('@tensorflow/tfjs');

const bytes = (path) => { const b = fs.readFileSync(path); return b.buffer.slice(b.byteOffset, b.byteOffset + b.length); };

async function main(topologyJson, weightsBin, blob, out) {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest, signature } = JSON.parse(fs.readFileSync(topologyJson));
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const model = await tf.loadGraphModel(tf.io.fromMemory(
    { modelTopology, signature, weightSpecs, weightData: bytes(weightsBin), format: 'graph-model' }));
  const image = tf.tensor(new Float32Array(bytes(blob)), [1, 3, 416, 416]);
  const outputs = model.execute({ 'input_1:0': image }, ['Identity', ...[1, 2, 3, 4, 5].map((i) => `Identity_${i}`)]);
  fs.writeFileSync(out, Buffer.concat(outputs.map((output) => Buffer.from(output.dataSync().buffer))));
}

main(...process.argv.slice(2));
