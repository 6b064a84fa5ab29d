"""From images to tensors: preprocessing, augmentation, the decoded pixels and their batches."""
