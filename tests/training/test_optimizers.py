import numpy as np
import pytest

from keras_f2a.training.optimizers import cosine_decay


def test_the_rate_rises_over_a_twentieth_and_falls_to_nothing():
    rate = cosine_decay(0.1, 200)
    values = np.array([float(rate(step)) for step in range(201)])
    assert values[0] == pytest.approx(0.01)
    assert values.argmax() == 10 and values[10] == pytest.approx(0.1)
    assert np.all(np.diff(values[:11]) > 0) and np.all(np.diff(values[10:]) < 0)
    # Halfway down, a cosine has half of the rate.
    assert values[105] == pytest.approx(0.05) and values[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_trainings_have_a_rate(steps):
    assert float(cosine_decay(0.1, steps)(0)) == pytest.approx(0.1)
