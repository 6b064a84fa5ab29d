"""An empty module in the place of one that TensorFlow imports and ImgMine never uses; see ``freeze.STAND_INS``."""
