/** Every command of the extension. A test holds this list against package.json, and the compiler holds the handlers against it. */
export const commandIds = [
  'srganLab.createDataset',
  'srganLab.createDatasetFromFolder',
  'srganLab.createSampleDataset',
  'srganLab.startTraining',
  'srganLab.stopTraining',
  'srganLab.startTrainingNow',
  'srganLab.resumeTraining',
  'srganLab.openRun',
  'srganLab.openDataset',
  'srganLab.openPage',
  'srganLab.compareRuns',
  'srganLab.openConfiguration',
  'srganLab.openRunLog',
  'srganLab.checkDataset',
  'srganLab.updateDataset',
  'srganLab.analyseDataset',
  'srganLab.repairDataset',
  'srganLab.upscaleImage',
  'srganLab.engineDoctor',
  'srganLab.setUpNativeEngine',
  'srganLab.revealFolder',
  'srganLab.copyPath',
  'srganLab.showLog',
  'srganLab.refresh',
] as const;

export type CommandId = (typeof commandIds)[number];
