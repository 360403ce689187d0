"""`MultiWorkerMirroredStrategy` as Keras's `fit` needs it, without changes to Keras."""

import tensorflow as tf


class KerasMultiWorkerStrategy(tf.distribute.MultiWorkerMirroredStrategy):
    """Lets `fit`, `evaluate` and `predict` of Keras 3 run on several workers (keras #20585).

    Keras 3.15 passes a batch, a tuple of tensors, to `reduce`, which on several workers reduces
    only single values. It also reduces the scalars that a step logs along an axis that they do not
    have. Here `reduce` takes structures, and scalars without an axis.
    `tests/runs/workers/test_strategy.py` reproduces both faults and fails when one is fixed. Then
    this class can go.

    Create it before TensorFlow has done anything else.
    """

    def reduce(self, reduce_op, value, axis):
        """Reduce a per-replica value, or each value in a structure, over all workers."""
        return tf.nest.map_structure(lambda item: self._reduce_one(reduce_op, item, axis), value)

    def _reduce_one(self, reduce_op, value, axis):
        local = self.experimental_local_results(value)[0]
        is_number = isinstance(local, tf.Tensor) and local.shape.rank == 0
        return super().reduce(reduce_op, value, axis=None if is_number else axis)


def create_strategy() -> KerasMultiWorkerStrategy:
    """Connect to the other workers that `TF_CONFIG` names. All of them must call it."""
    options = tf.distribute.experimental.CommunicationOptions()
    return KerasMultiWorkerStrategy(communication_options=options)


def on_each_worker(
    strategy: tf.distribute.Strategy, dataset: tf.data.Dataset
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """Return a dataset in the form that `fit` and `evaluate` take under a strategy.

    Args:
        strategy: The run's strategy.
        dataset: With several workers, one batch per replica of this worker, in turn. Otherwise
            whole batches, which are returned unchanged.
    """
    if not isinstance(strategy, KerasMultiWorkerStrategy):
        return dataset
    return strategy.distribute_datasets_from_function(lambda _: dataset)
