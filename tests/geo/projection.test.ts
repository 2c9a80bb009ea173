import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectPoints, toGrid, toLngLat, toWholeMetres, unprojectPoints } from '../../geo/projection.ts';
import { numberRows, orWhyNot, readRealData, realData } from './realData.ts';

describe('the National Grid', () => {
  it('puts the Ordnance Survey test point TP25 within the shift`s known 5 m of its OSTN15 place', () => {
    // Ordnance Survey, "OSTN15 & OSGM15 test points": TP25 is 424639.355 east, 565012.703 north.
    const place = toGrid(-1.616577, 54.979123);
    expect(Math.hypot(place.easting - 424639.355, place.northing - 565012.703)).toBeLessThan(5);
  });

  it('agrees with PROJ on a police.uk snap point to the printed millimetre', () => {
    // R sf (PROJ, EPSG:1314): -1.241874 54.521066 is 449171 east, 514239.008 north.
    const place = toGrid(-1.241874, 54.521066);
    expect(place.easting).toBeCloseTo(449171, 3);
    expect(place.northing).toBeCloseTo(514239.008, 3);
    expect(toWholeMetres(place)).toEqual({ easting: 449171, northing: 514239 });
  });

  it('puts the true origin, 2° west and 49° north on the Airy ellipsoid, at its false coordinates', () => {
    const [lng, lat] = toLngLat(400000, -100000);
    expect(lng).toBeCloseTo(-2.001, 2);
    expect(lat).toBeCloseTo(49.0007, 3);
    expect(toGrid(lng, lat).easting).toBeCloseTo(400000, 3);
    expect(toGrid(lng, lat).northing).toBeCloseTo(-100000, 3);
  });

  it('comes back to the same place everywhere over Britain, within a tenth of a millimetre', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 2, noNaN: true }), fc.double({ min: 49.5, max: 61, noNaN: true }), (lng, lat) => {
        const there = toGrid(lng, lat);
        const again = toGrid(...toLngLat(there.easting, there.northing));
        expect(Math.hypot(again.easting - there.easting, again.northing - there.northing)).toBeLessThan(1e-4);
      }),
      { numRuns: 500 },
    );
  });

  it('gives batches the same numbers as single points, whole metres when asked', () => {
    const { x, y } = projectPoints([-1.2, -1.3], [54.6, 54.5]);
    expect([x[1], y[1]]).toEqual([toGrid(-1.3, 54.5).easting, toGrid(-1.3, 54.5).northing]);
    const whole = projectPoints([-1.2], [54.6], true);
    expect(whole.x[0]).toBe(Math.round(x[0]!));
    const back = unprojectPoints(x, y);
    expect(back.x[0]).toBeCloseTo(-1.2, 8);
    expect(back.y[0]).toBeCloseTo(54.6, 8);
  });

  it('gives 0, 0 a finite place and refuses what is out of reach with a sentence', () => {
    expect(Number.isFinite(toGrid(0, 0).northing)).toBe(true);
    expect(() => toGrid(-1.2, 5460)).toThrow('The point -1.2, 5460 (longitude, latitude) is out of reach of the British National Grid');
    expect(() => toGrid(NaN, 54)).toThrow('out of reach');
    expect(() => toGrid(151.2, -33.9)).toThrow('out of reach');
    expect(() => toLngLat(1e9, 5e5)).toThrow('give metres');
  });
});

describe.runIf(realData)(`the National Grid on every snap point of 2025${orWhyNot}`, () => {
  it('agrees with PROJ to the printed millimetre on all of them', () => {
    let worst = 0;
    for (const [lng, lat, , easting, northing] of numberRows(readRealData('reference', 'asb_2025_snap_points_counts_27700.csv'))) {
      const place = toGrid(lng!, lat!);
      worst = Math.max(worst, Math.abs(place.easting - easting!), Math.abs(place.northing - northing!));
    }
    expect(worst).toBeLessThan(0.00051);
  });
});
