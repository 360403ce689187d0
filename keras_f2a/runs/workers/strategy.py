"""`MultiWorkerMirroredStrategy` as Keras's `fit` needs it, without a change of Keras."""

import tensorflow as tf


class KerasMultiWorkerStrategy(tf.distribute.MultiWorkerMirroredStrategy):
    """Lets `fit`, `evaluate` and `predict` of Keras 3 run on several workers (keras #20585).

    Keras 3.15 hands a batch, a tuple of tensors, to `reduce`, which on several workers reduces
    single values only, and it reduces the numbers that a step logs along an axis that they have
    not. Here `reduce` takes structures, and numbers without an axis. Both faults are held by
    `tests/runs/workers/test_strategy.py`, which fails when one is mended: then this class can go.

    Create it before TensorFlow has done anything else.
    """

    def reduce(self, reduce_op, value, axis):
        """Reduce a value of each replica, or each of a structure of them, over all workers."""
        return tf.nest.map_structure(lambda one: self._reduce_one(reduce_op, one, axis), value)

    def _reduce_one(self, reduce_op, value, axis):
        local = self.experimental_local_results(value)[0]
        is_number = isinstance(local, tf.Tensor) and local.shape.rank == 0
        return super().reduce(reduce_op, value, axis=None if is_number else axis)


def create_strategy() -> KerasMultiWorkerStrategy:
    """Connect to the other workers that `TF_CONFIG` names; all of them must call it."""
    options = tf.distribute.experimental.CommunicationOptions()
    return KerasMultiWorkerStrategy(communication_options=options)


def on_each_worker(
    strategy: tf.distribute.Strategy, dataset: tf.data.Dataset
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """Return a dataset as `fit` and `evaluate` take it under a strategy.

    Args:
        strategy: The run's.
        dataset: Under several workers the batches of one replica, those of the worker's replicas
            one after the other; else whole batches, and what is returned.
    """
    if not isinstance(strategy, KerasMultiWorkerStrategy):
        return dataset
    return strategy.distribute_datasets_from_function(lambda _: dataset)
