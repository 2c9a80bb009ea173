/** Who publishes what is known of places, and the words they ask to be shown with it. */

export interface PlaceSource {
  readonly name: string;
  readonly publisher: string;
  readonly licence: string;
  /** The words shown beside any figure or picture made from it. */
  readonly attribution: string;
}

const openGovernmentLicence = 'Open Government Licence v3.0';

/** Figures and lookups of the Office for National Statistics. */
export function onsFigures(name: string): PlaceSource {
  return { name, publisher: 'Office for National Statistics', licence: openGovernmentLicence, attribution: 'Source: Office for National Statistics licensed under the Open Government Licence v3.0.' };
}

/** Boundaries of the Office for National Statistics, which rest on Ordnance Survey data. */
export function onsBoundaries(name: string): PlaceSource {
  return {
    ...onsFigures(name),
    attribution: 'Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data © Crown copyright and database right.',
  };
}

/** The English Indices of Deprivation. */
export function mhclgFigures(name: string): PlaceSource {
  return {
    name, publisher: 'Ministry of Housing, Communities and Local Government', licence: openGovernmentLicence,
    attribution: 'Source: Ministry of Housing, Communities and Local Government. Contains public sector information licensed under the Open Government Licence v3.0.',
  };
}

export interface NamedPublisher {
  readonly source?: string;
  readonly publisher?: string;
  readonly licence?: string;
  readonly attribution?: string;
}

/** What the importer said of the publisher, over what is known from the file itself. */
export function publisherOf(known: PlaceSource, said: NamedPublisher): PlaceSource {
  const name = said.source ?? known.name;
  return { name, publisher: said.publisher ?? known.publisher, licence: said.licence ?? known.licence, attribution: said.attribution ?? known.attribution };
}

/** A source nobody described: its name stands for all that is known. */
export function unknownPublisher(name: string): PlaceSource {
  return { name, publisher: 'Not stated', licence: 'Not stated', attribution: `Source: ${name}.` };
}
