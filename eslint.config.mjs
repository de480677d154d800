// Lint rules; most of all the borders between rooms (docs/architecture.md).
import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** For each room, the rooms it may not reach into. */
const rooms = [
  'protocol',
  'random',
  'assembler',
  'folders',
  'imaging',
  'datasets',
  'training',
  'cli',
  'extension',
  'webviews',
];
const mayImport = {
  protocol: [],
  random: [],
  assembler: [],
  folders: ['protocol'],
  imaging: ['random', 'assembler', 'protocol'],
  datasets: ['imaging', 'random', 'folders', 'protocol'],
  training: ['datasets', 'imaging', 'random', 'assembler', 'folders', 'protocol'],
  cli: ['training', 'datasets', 'imaging', 'random', 'folders', 'protocol'],
  extension: ['folders', 'protocol'],
  webviews: ['protocol'],
};

const borders = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const patterns = [
    {
      group: forbidden.flatMap((other) => [`**/${other}/**`, `**/${other}`]),
      message: `src/${room} may import only: ${mayImport[room].join(', ') || 'nothing of ours'} (docs/architecture.md).`,
    },
  ];
  const paths =
    room === 'extension' ? [] : [{ name: 'vscode', message: 'Only src/extension imports vscode.' }];
  if (room !== 'training')
    patterns.push({ group: ['@tensorflow/*'], message: 'Only src/training imports TensorFlow.js.' });
  if (['protocol', 'random', 'assembler', 'imaging', 'webviews'].includes(room)) {
    patterns.push({
      group: ['node:*', 'fs', 'path'],
      message: `src/${room} runs in browsers too: no Node modules.`,
    });
  }
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.vscode-test/', '.lab/', 'node_modules/', 'test/fixtures/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'koffi',
          property: 'view',
          message:
            'Desktop VS Code starts our processes in Electron’s Node.js, which refuses external array buffers: copy.',
        },
      ],
    },
  },
  ...borders,
  { files: ['**/*.mjs', 'scripts/**'], languageOptions: { globals: globals.node } },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'it', package: 'mocha' }] },
      ],
    },
  },
);
