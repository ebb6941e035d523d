import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const retiredImage: Rule = {
  id: 'retired-image',
  title: 'the image is retired',
  policy: '5.2.2 Quality Criteria: Current Version',
  why: 'The image was official once and is not rebuilt any more (openjdk, centos, java …). It gets no patches; a successor exists for most.',
  levels: { ships: 'warn', builds: 'warn' },
  wrong: 'FROM openjdk:17-jdk-slim\nUSER 65532\nCMD ["java", "-jar", "/app.jar"]\n',
  right: 'FROM eclipse-temurin:25-jre-alpine\nUSER 65532\nCMD ["java", "-jar", "/app.jar"]\n',
  remedy: 'Move to the successor.',
  find(subject) {
    const { facts, reference } = subject;
    if (facts?.retired === undefined || reference === undefined) return [];
    const { since, successors } = facts.retired;
    const named = successors.length === 0 ? '' : `; its successor is ${successors.join(' or ')}`;
    return [
      {
        reason: `${familiarReference({ registry: reference.registry, repository: reference.repository })} was retired on ${since}${named}`,
        ...recommendedFix(subject),
      },
    ];
  },
};
