/**
 * Loads the speech libraries as the simulator does; exit code 0 when they load and hold what it calls. A process of its own, because a
 * library that does not fit can end the process that loads it.
 */
import koffi from 'koffi';

/** @param {string} name */
const load = (name) => koffi.load(name, { global: true });

const flite = load('libflite.so.1');
load('libflite_usenglish.so.1');
load('libflite_cmulex.so.1');
flite.func('int flite_init()')();
const voice = load('libflite_cmu_us_slt.so.1').func('void* register_cmu_us_slt(void*)')(null);
if (!voice) throw new Error('flite has no voice slt');

load('libsphinxbase.so.3').func('void* cmd_ln_init(void*, void*, int, ...)');
load('libpocketsphinx.so.3').func('void* ps_init(void*)');
