# imported inside
def receptive_field(layers):
    import seeing.ops as ops
    field = ops.receptive_field([(k, s, 0, d) for _, k, s, d in layers])
    return field.size, field.stride
