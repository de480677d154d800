/** Reports of the Engine Doctor as it might find machines: one with everything usual, one where nothing has been measured. */
import type { Benchmark } from '../../../src/protocol/engine-report';
import type { EnginesSnapshot } from '../../../src/protocol/pages';

function benchmark(pixel: number, adversarial: number): Benchmark {
  return {
    secondsPerStep: { pixel, adversarial },
    gigaflops: { pixel: 1.4 / pixel, adversarial: 6.1 / adversarial },
    presets: { quick: 8000 * pixel + 300 * adversarial, small: 21_300, paper: 2_650_000 },
  };
}

/** A TensorFlow that works beside one that does not, on a machine without a GPU. */
export const trialEngines: EnginesSnapshot = {
  measuredAt: Date.UTC(2025, 0, 31, 14, 2, 9),
  progress: null,
  problem: null,
  report: {
    machine: {
      processor: 'AMD EPYC 9V74 80-Core Processor',
      cores: 2,
      memoryBytes: 25_200_000_000,
      system: 'Linux 6.8.0 x64',
      node: 'v24.1.0',
      nvidiaDriver: '550.54.14',
    },
    engines: [
      {
        name: 'embedded',
        usable: true,
        gpu: false,
        reason: 'Comes with the lab; nothing needs to be installed.',
        device: 'CPU, WebAssembly relaxed SIMD, 2 threads',
        versions: { node: '24.1.0', v8: '13.6.233.8', simd: 'relaxed', exactness: 'winograd4' },
        benchmark: benchmark(0.0164, 0.0696),
      },
      {
        name: 'native',
        usable: true,
        gpu: false,
        reason: 'TensorFlow 2.21.0 of /home/somebody/lab-environment, which the lab set up.',
        advice:
          'There is an NVIDIA driver, but this TensorFlow is built for CPUs only. Set up the native engine again to get the CUDA build.',
        remedies: ['set-up'],
        device: 'CPU, 2 threads',
        versions: { tensorflow: '2.21.0', cuda: '12.5.1', cudnn: '9.3.0' },
        library:
          '/home/somebody/lab-environment/lib/python3.12/site-packages/tensorflow/libtensorflow_cc.so.2',
        benchmark: benchmark(0.0212, 0.0905),
      },
      {
        name: 'native',
        usable: false,
        gpu: false,
        reason: 'python3 has no TensorFlow. Install it there: pip install tensorflow.',
        advice:
          'Set up the native engine: the lab then installs TensorFlow for itself (srgan-lab engine setup).',
        remedies: ['set-up', 'choose-interpreter', 'open-settings'],
      },
    ],
    chosen: {
      engine: 'embedded',
      reason:
        'No GPU, and measured here the embedded engine is faster: 70 ms an adversarial step of the quick preset, native 91 ms.',
    },
  },
};

export const firstExamination: EnginesSnapshot = {
  report: null,
  measuredAt: null,
  progress: 'Trying TensorFlow 2.21.0 of /home/somebody/lab-environment',
  problem: null,
};
