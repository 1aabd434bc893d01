export * from '../../network/guard.ts';
