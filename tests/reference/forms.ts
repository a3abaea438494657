/** A form of the zoo that the reference has figures for, and what they are called in layers.json and states.json. */
export interface Form {
  readonly ref: string;
  readonly reference: string;
  /** The official state dict that `names[source]` must name exactly. */
  readonly state?: readonly [source: string, key: string];
}

const form = (ref: string, reference: string, state?: string): Form =>
  state === undefined ? { ref, reference } : { ref, reference, state: ['torchvision', state] };

/** By families in the order of their papers; listed members and forms by settings. */
export const forms: readonly Form[] = [
  form('lenet-5-modern', 'lenet5_modern_61706'),
  form('alexnet-2012', 'alexnet_2012_grouped_227'),
  form('alexnet-2012', 'caffe_bvlc_alexnet'),
  form('alexnet?groups=1', 'alexnet_ungrouped_227'),
  form('caffenet', 'caffe_bvlc_reference_caffenet'),
  form('alexnet-one-tower', 'torchvision_alexnet', 'alexnet'),
  form('zfnet', 'zfnet_fig3'),
  form('zfnet-512-1024-512', 'zfnet_512_1024_512'),
  form('zfnet-512-onnx', 'zfnet512_onnx'),
  form('zfnet-imagenette', 'zfnet_imagenette'),
  form('googlenet', 'caffe_bvlc_googlenet'),
  form('resnet-18', 'resnet18_optB'),
  form('resnet-18', 'torchvision_resnet18', 'resnet18'),
  form('resnet?depth=34', 'torchvision_resnet34', 'resnet34'),
  form('resnet?depth=50', 'torchvision_resnet50', 'resnet50'),
  form('resnet?depth=101', 'torchvision_resnet101', 'resnet101'),
  form('resnet?depth=152', 'torchvision_resnet152', 'resnet152'),
  form('resnet?depth=50&stride=1x1', 'resnet50_paper_stride_in_1x1'),
  form('resnet?depth=101&stride=1x1', 'resnet101_paper_stride_in_1x1'),
  form('resnet?depth=152&stride=1x1', 'resnet152_paper_stride_in_1x1'),
];
