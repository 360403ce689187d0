/* One pass over the bytes of a photograph, in place of NumPy's eight: step 7 of full_resolution.py.
 *
 * Every value goes through the same float32 operations in the same order as in NumPy, so results
 * are equal bit for bit. The compiler may not fuse a multiplication with an addition; setup.py says
 * so. The module uses Python's limited API, so one file serves all versions from 3.11 on.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if defined(_MSC_VER)
#pragma fp_contract(off)
#define RESTRICT __restrict
#else
#define RESTRICT restrict
#endif

/* Twice as fast where the processor has AVX2; the dynamic loader chooses. */
#if defined(__gnu_linux__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

enum { FLASH, UPPER, STEP, SHARE, RESULT, ARGUMENTS };

FOR_EACH_PROCESSOR
static void correct_row(const unsigned char *RESTRICT flash, const float *RESTRICT upper,
                        const float *RESTRICT step, float share, unsigned char *RESTRICT result,
                        Py_ssize_t values)
{
    const float *RESTRICT upper_offset = upper + values;
    const float *RESTRICT step_offset = step + values;
    for (Py_ssize_t i = 0; i < values; i++) {
        float gain = share * step[i];
        gain = gain + upper[i];
        float offset = share * step_offset[i];
        offset = offset + upper_offset[i];
        float corrected = (float)flash[i] * gain;
        corrected = corrected + offset;
        corrected = corrected + 0.5f;
        corrected = corrected > 0.0f ? corrected : 0.0f; /* Also for what is no number. */
        corrected = corrected < 255.0f ? corrected : 255.0f;
        result[i] = (unsigned char)(int)corrected;
    }
}

/* Whether a buffer holds numbers of a type in this processor's byte order. */
static int holds(const Py_buffer *buffer, char type)
{
    return buffer->format != NULL && buffer->format[0] == type && buffer->format[1] == '\0';
}

/* Whether rows of bytes, coefficients and shares have the sizes that belong together. */
static int sizes_agree(const Py_buffer *buffers, Py_ssize_t *rows, Py_ssize_t *values)
{
    *rows = buffers[SHARE].len / (Py_ssize_t)sizeof(float);
    *values = buffers[UPPER].len / (Py_ssize_t)(2 * sizeof(float));
    return *rows > 0 && *values > 0 && buffers[SHARE].len == *rows * (Py_ssize_t)sizeof(float) &&
           buffers[UPPER].len == *values * (Py_ssize_t)(2 * sizeof(float)) &&
           buffers[STEP].len == buffers[UPPER].len && buffers[FLASH].len % *rows == 0 &&
           buffers[FLASH].len / *rows == *values && buffers[RESULT].len == buffers[FLASH].len;
}

static PyObject *correct_rows(PyObject *module, PyObject *arguments)
{
    PyObject *objects[ARGUMENTS];
    Py_buffer buffers[ARGUMENTS];
    Py_ssize_t rows, values;
    int held = 0;
    PyObject *answer = NULL;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOO:correct_rows", &objects[FLASH], &objects[UPPER],
                          &objects[STEP], &objects[SHARE], &objects[RESULT]))
        return NULL;
    for (; held < ARGUMENTS; held++) {
        int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (held == RESULT ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(objects[held], &buffers[held], flags) < 0)
            goto end;
    }
    for (int i = 0; i < ARGUMENTS; i++) {
        if (!holds(&buffers[i], i == FLASH || i == RESULT ? 'B' : 'f')) {
            PyErr_SetString(PyExc_TypeError, "an array is neither uint8 nor float32 as needed");
            goto end;
        }
    }
    if (!sizes_agree(buffers, &rows, &values)) {
        PyErr_SetString(PyExc_ValueError, "the sizes of the arrays do not belong together");
        goto end;
    }
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < rows; row++)
        correct_row((const unsigned char *)buffers[FLASH].buf + row * values, buffers[UPPER].buf,
                    buffers[STEP].buf, ((const float *)buffers[SHARE].buf)[row],
                    (unsigned char *)buffers[RESULT].buf + row * values, values);
    Py_END_ALLOW_THREADS
    answer = Py_None;
    Py_INCREF(answer);
end:
    while (held > 0)
        PyBuffer_Release(&buffers[--held]);
    return answer;
}

static PyMethodDef methods[] = {
    {"correct_rows", correct_rows, METH_VARARGS,
     "correct_rows(flash, upper, step, share, result)\n--\n\n"
     "Correct rows of bytes between two rows of small pixels.\n\n"
     "flash and result: uint8, (rows, values). upper and step: float32, (2, values), gain and\n"
     "offset of the upper row, and what leads to the lower one. share: float32, (rows,).\n"
     "All are contiguous. Raises TypeError if an array is of another type or byte order, and\n"
     "ValueError if the sizes do not belong together."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_row_kernel", "Corrects bytes in one pass.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__row_kernel(void)
{
    return PyModuleDef_Init(&definition);
}
