/** What a person chooses from when pictures are compared, apart from the schemas: pages need the choices, and no validation. */

/** Protocols under which pictures are compared; what each measures is told with the figures. */
export const comparisonProtocols = ['y', 'srgan', 'rgb'] as const;
export type ComparisonProtocol = (typeof comparisonProtocols)[number];

/** Most pixels that are left out at each side. */
export const MOST_BORDER = 1000;
